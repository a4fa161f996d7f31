//! The bidder's browser, as far as continueurl needs one: it opens the page and presses the button on it.

use url::Url;

/// A page the institution shows to a bidder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it came from.
    pub url: Url,
    /// HTTP status.
    pub status: u16,
    /// Content-Type.
    pub content_type: String,
    /// The document.
    pub html: String,
}

/// A form on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where pressing its button leads.
    pub action: Url,
    /// Its inputs with their values.
    pub inputs: Vec<(String, String)>,
}

impl Page {
    /// A page of text/html that opened.
    #[must_use]
    pub fn opened(&self) -> bool {
        self.status == 200 && self.content_type.starts_with("text/html") && self.html.contains("<html")
    }

    /// The first form that is posted.
    #[must_use]
    pub fn form(&self) -> Option<Form> {
        let forms = self.html.split("<form").skip(1);
        forms.filter_map(|rest| rest.split_once("</form>")).find_map(|(form, _)| {
            let (tag, inside) = form.split_once('>')?;
            let posts = attribute(tag, "method").is_some_and(|way| way.eq_ignore_ascii_case("post"));
            let action = self.url.join(&attribute(tag, "action").unwrap_or_default()).ok();
            action.filter(|_| posts).map(|action| Form { action, inputs: inputs(inside) })
        })
    }
}

/// Inputs and buttons that have a name.
fn inputs(inside: &str) -> Vec<(String, String)> {
    let tags = inside.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("button"));
    tags.filter_map(|tag| {
        let tag = tag.split('>').next()?;
        Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))
    })
    .collect()
}

/// The value of an attribute in double quotes.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_button() {
        let html = r#"<!doctype html><html><form action="/search"><input name="q"></form>
            <form class="pay" method="post" action="pay?a=1&amp;b=2"><input type="hidden" name="token" value="t&lt;1">
            <button name="go" value="1">支付</button><button>取消</button></form></html>"#;
        let page = Page {
            url: Url::parse("http://127.0.0.1:1/p/continue?t=1").unwrap(),
            status: 200,
            content_type: "text/html; charset=utf-8".to_owned(),
            html: html.to_owned(),
        };
        let form = page.form().unwrap();
        assert_eq!(form.action.as_str(), "http://127.0.0.1:1/p/pay?a=1&b=2");
        let input = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(form.inputs, [input("token", "t<1"), input("go", "1")]);
        assert!(page.opened() && Page { html: String::new(), ..page }.form().is_none());
    }
}
