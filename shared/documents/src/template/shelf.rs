//! The templates of an institution: those that come with the program, and its own in their place.

use super::check::{BadTemplate, BadTemplates, read};
use super::{Kind, Template};
use crate::fonts::Fonts;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A template of every kind.
#[derive(Debug)]
pub(crate) struct Shelf(BTreeMap<Kind, Template>);

impl Shelf {
    /// Reads every template: out of the folder where it has a file of that name, else the supplied one. Blocks.
    ///
    /// # Errors
    /// All mistakes in all of them; a file whose name is of no template.
    pub(crate) fn open(folder: Option<&Path>, fonts: &Fonts) -> Result<Self, BadTemplates> {
        let mut own = folder.map_or(Ok(BTreeMap::new()), own)?;
        let (mut shelf, mut found) = (BTreeMap::new(), Vec::new());
        for kind in Kind::ALL {
            let (file, text) = own
                .remove(kind.name())
                .unwrap_or_else(|| (format!("{}.toml", kind.name()), kind.supplied().to_owned()));
            match read(kind, &file, &text, fonts) {
                Ok(template) => _ = shelf.insert(kind, template),
                Err(mistakes) => found.extend(mistakes),
            }
        }
        let known = Kind::ALL.map(Kind::name).join(", ");
        found.extend(own.into_values().map(|(file, _)| BadTemplate {
            file,
            line: None,
            say: format!("no document has a template of this name; known are: {known}"),
        }));
        found.sort();
        if found.is_empty() { Ok(Self(shelf)) } else { Err(BadTemplates(found)) }
    }

    /// The template of a kind; there is one of each.
    pub(crate) fn template(&self, kind: Kind) -> &Template {
        &self.0[&kind]
    }
}

/// The files of a folder: name of the template, and path and text.
fn own(folder: &Path) -> Result<BTreeMap<String, (String, String)>, BadTemplates> {
    let unreadable = |path: &Path, why: std::io::Error| {
        let say = format!("cannot be read ({why}): check documents.templates and the permissions");
        BadTemplates(vec![BadTemplate { file: path.display().to_string(), line: None, say }])
    };
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|why| unreadable(folder, why))? {
        let path = entry.map_err(|why| unreadable(folder, why))?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        if let (Some(name), Some("toml")) = (name, path.extension().and_then(|end| end.to_str())) {
            let text = fs::read_to_string(&path).map_err(|why| unreadable(&path, why))?;
            files.insert(name.to_owned(), (path.display().to_string(), text));
        }
    }
    Ok(files)
}
