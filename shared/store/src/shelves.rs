//! Where sealed values stand: one line for every column, for who counts them and who seals them anew.

/// How a column holds what is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// `jsonb`: a string in place of the value.
    Json,
    /// `text`; empty if there is nothing.
    Text,
    /// `bytea`.
    Bytes,
}

/// A column whose values are sealed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shelf {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    pub(crate) holds: Holds,
    /// The table of the place that values are bound to.
    pub(crate) place: &'static str,
    /// What names the row in it, as SQL.
    pub(crate) row: &'static str,
    /// A column with the print of something the value says, and where in the value that stands (empty: all of it).
    pub(crate) print: Option<(&'static str, &'static str)>,
}

const fn shelf(table: &'static str, column: &'static str, holds: Holds, row: &'static str) -> Shelf {
    Shelf { table, column, holds, place: table, row, print: None }
}

const fn body(table: &'static str) -> Shelf {
    shelf(table, "body", Holds::Json, "no")
}

/// Every one of them; what matters most comes first.
pub(crate) const SHELVES: [Shelf; 16] = [
    body("orders"),
    body("claims"),
    body("invoices"),
    body("refunds"),
    body("releases"),
    Shelf { print: Some(("company_code", "/request/company/code")), ..body("credit_lines") },
    Shelf {
        print: Some(("company_code", "")),
        ..shelf("credit_uses", "sealed_code", Holds::Text, "order_no")
    },
    body("tender_changes"),
    Shelf { place: "message", ..shelf("callbacks", "payload", Holds::Json, "id") },
    Shelf { place: "message", ..shelf("outbox", "payload", Holds::Bytes, "message_id") },
    shelf("inbox", "reply", Holds::Json, "consumer || '/' || message_id"),
    shelf("events", "detail", Holds::Json, "no || '/' || message_id || '/' || what"),
    shelf("attempts", "why", Holds::Text, "callback_id"),
    Shelf { place: "attempts", ..shelf("callbacks", "last_error", Holds::Text, "id") },
    shelf("tasks", "say", Holds::Text, "no || '/' || what"),
    shelf("rejected", "request", Holds::Bytes, "id"),
];

impl Shelf {
    /// The name of the key that a value needs, as SQL; null for what is plain.
    pub(crate) fn key(&self) -> String {
        let column = self.column;
        let text = match self.holds {
            Holds::Json => format!("case jsonb_typeof({column}) when 'string' then {column} #>> '{{}}' end"),
            Holds::Text => column.to_owned(),
            // No name is longer than 32, and what follows the names may be no text.
            Holds::Bytes => format!("encode(substring({column} from 1 for 40), 'escape')"),
        };
        format!("substring({text} from '^gcm1[.:]([a-z0-9-]{{1,32}})[.:]')")
    }

    /// Whether there is anything to seal, as SQL.
    pub(crate) fn something(&self) -> String {
        match self.holds {
            Holds::Text => format!("{} <> ''", self.column),
            Holds::Json => format!("{} <> 'null'", self.column),
            Holds::Bytes => "true".to_owned(),
        }
    }

    /// A column of this kind as text, as SQL.
    pub(crate) fn as_text(&self, column: &str) -> String {
        match self.holds {
            Holds::Json => format!("{column}::text"),
            Holds::Text => column.to_owned(),
            Holds::Bytes => format!("encode({column}, 'hex')"),
        }
    }

    /// That text as a value of the column, as SQL.
    pub(crate) fn of_text(&self, text: &str) -> String {
        match self.holds {
            Holds::Json => format!("{text}::jsonb"),
            Holds::Text => text.to_owned(),
            Holds::Bytes => format!("decode({text}, 'hex')"),
        }
    }
}
