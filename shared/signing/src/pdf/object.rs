//! The values a PDF is made of, how they are compared, and how they are written.

use std::fmt;
use std::ops::Range;

/// The number and generation of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id {
    pub(crate) number: u32,
    pub(crate) generation: u16,
}

/// A string, and where it is written (brackets included).
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) bytes: Vec<u8>,
    pub(crate) at: Range<usize>,
    pub(crate) hex: bool,
}

/// One value. Numbers with a point are kept as written.
#[derive(Debug, Clone)]
pub(crate) enum Object {
    Null,
    Bool(bool),
    Int(i64),
    Real(String),
    Text(Text),
    Name(Vec<u8>),
    List(Vec<Object>),
    Dict(Dict),
    Ref(Id),
    /// A dictionary and where its data are in the file.
    Stream(Dict, Range<usize>),
}

/// A dictionary; no key twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dict(pub(crate) Vec<(Vec<u8>, Object)>);

impl Dict {
    pub(crate) fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the value is this name.
    pub(crate) fn is(&self, key: &str, name: &str) -> bool {
        matches!(self.get(key), Some(Object::Name(is)) if is == name.as_bytes())
    }

    pub(crate) fn set(&mut self, key: &str, value: Object) {
        match self.0.iter_mut().find(|(name, _)| name == key.as_bytes()) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.as_bytes().to_vec(), value)),
        }
    }
}

impl Object {
    pub(crate) fn name(text: &str) -> Self {
        Self::Name(text.as_bytes().to_vec())
    }

    /// A dictionary, also that of a stream.
    pub(crate) const fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) | Self::Stream(dict, _) => Some(dict),
            _ => None,
        }
    }

    pub(crate) const fn int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    pub(crate) const fn reference(&self) -> Option<Id> {
        if let Self::Ref(id) = self { Some(*id) } else { None }
    }

    pub(crate) fn list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// Whether both say the same, wherever in the file they are written.
    pub(crate) fn same(&self, other: &Self, file: &[u8]) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Real(a), Self::Real(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a.bytes == b.bytes,
            (Self::Name(a), Self::Name(b)) => a == b,
            (Self::Ref(a), Self::Ref(b)) => a == b,
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b, file))
            }
            (Self::Dict(a), Self::Dict(b)) => a.same(b, file),
            (Self::Stream(a, data), Self::Stream(b, others)) => {
                a.same(b, file) && file[data.clone()] == file[others.clone()]
            }
            _ => false,
        }
    }

    /// Calls `see` with every dictionary and every reference inside.
    pub(crate) fn walk(&self, see: &mut impl FnMut(Seen<'_>)) {
        match self {
            Self::Ref(id) => see(Seen::Ref(*id)),
            Self::List(items) => items.iter().for_each(|item| item.walk(see)),
            Self::Dict(dict) | Self::Stream(dict, _) => {
                see(Seen::Dict(dict));
                dict.0.iter().for_each(|(_, value)| value.walk(see));
            }
            _ => {}
        }
    }
}

/// What a walk meets.
pub(crate) enum Seen<'a> {
    Ref(Id),
    Dict(&'a Dict),
}

impl Dict {
    pub(crate) fn same(&self, other: &Self, file: &[u8]) -> bool {
        let (mine, theirs) = (self.sorted(), other.sorted());
        mine.len() == theirs.len() && mine.iter().zip(theirs).all(|(a, b)| a.0 == b.0 && a.1.same(&b.1, file))
    }

    fn sorted(&self) -> Vec<&(Vec<u8>, Object)> {
        let mut entries: Vec<_> = self.0.iter().collect();
        entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        entries
    }
}

// === writing; a stream is written by whoever has its data ===

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Real(text) => f.write_str(text),
            Self::Text(text) => write!(f, "<{}>", hex::encode_upper(&text.bytes)),
            Self::Name(name) => write_name(f, name),
            Self::Ref(id) => write!(f, "{} {} R", id.number, id.generation),
            Self::List(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { " " })?;
                }
                f.write_str("]")
            }
            Self::Dict(dict) | Self::Stream(dict, _) => dict.fmt(f),
        }
    }
}

impl fmt::Display for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<<")?;
        for (key, value) in &self.0 {
            write_name(f, key)?;
            write!(f, " {value}")?;
        }
        f.write_str(">>")
    }
}

fn write_name(f: &mut fmt::Formatter<'_>, name: &[u8]) -> fmt::Result {
    f.write_str("/")?;
    for byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(byte) {
            write!(f, "{}", char::from(*byte))?;
        } else {
            write!(f, "#{byte:02X}")?;
        }
    }
    Ok(())
}
