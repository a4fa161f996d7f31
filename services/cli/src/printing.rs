//! The fonts and templates of the settings: whether documents can be printed with them.

use boot::{Gateway, Mistake, Problem, Source};
use documents::{BadTemplate, Issuer, Printer, Unready};
use std::path::PathBuf;

/// What is wrong with the fonts, and every mistake in the institution's templates.
pub(crate) fn mistakes(source: &Source, gateway: &Gateway) -> Vec<Mistake> {
    let Some(section) = &gateway.documents else { return Vec::new() };
    let issuer = Issuer { name: gateway.institution.name.clone(), ..Issuer::default() };
    match Printer::open(issuer, &section.fonts, section.templates.as_deref()) {
        Ok(_) => Vec::new(),
        Err(Unready::Font(why)) => {
            source.locate(vec![Problem::new("documents.fonts", why.to_string())]).into()
        }
        Err(Unready::Templates(bad)) => bad.0.into_iter().map(told).collect(),
    }
}

fn told(BadTemplate { file, line, say }: BadTemplate) -> Mistake {
    Mistake { file: PathBuf::from(file), line, key: String::new(), say }
}
