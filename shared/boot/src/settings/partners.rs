//! The folder of partner instances: all of one protocol, or all there are, with every id used once.

use super::mistakes::{Mistake, Mistakes};
use super::partner::Partner;
use super::source::Source;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// All instances of one protocol, by file name; files of other protocols are only asked for their id.
///
/// # Errors
/// Every mistake in every file of this protocol, and ids given twice in the whole folder.
pub fn partners<P: DeserializeOwned>(folder: &Path, protocol: &str) -> Result<Vec<Partner<P>>, Mistakes> {
    let (found, mistakes) = survey(folder, protocol)?;
    Mistakes::unless_none(mistakes).map(|()| found)
}

/// The instances of one protocol that read, with every mistake in its files beside them, for who tells all there is to
/// tell at once: an instance with mistakes is to be judged further, not to be used.
///
/// # Errors
/// If the folder cannot be read.
pub fn survey<P: DeserializeOwned>(
    folder: &Path,
    protocol: &str,
) -> Result<(Vec<Partner<P>>, Vec<Mistake>), Mistakes> {
    collect(folder, |of| of == protocol)
}

/// All instances of all protocols, for who need not know their protocol's settings (workers).
///
/// # Errors
/// Every mistake in every file, and ids given twice.
pub fn every_partner(folder: &Path) -> Result<Vec<Partner<IgnoredAny>>, Mistakes> {
    let (found, mistakes) = survey_every(folder)?;
    Mistakes::unless_none(mistakes).map(|()| found)
}

/// As [`survey`], for all protocols.
///
/// # Errors
/// If the folder cannot be read.
pub fn survey_every(folder: &Path) -> Result<(Vec<Partner<IgnoredAny>>, Vec<Mistake>), Mistakes> {
    collect(folder, |_| true)
}

fn collect<P: DeserializeOwned>(
    folder: &Path,
    wanted: impl Fn(&str) -> bool,
) -> Result<(Vec<Partner<P>>, Vec<Mistake>), Mistakes> {
    let mut mistakes = Vec::new();
    let mut found = Vec::new();
    let mut ids = BTreeMap::new();
    for path in files(folder)? {
        match Source::read(&[&path]) {
            Ok(source) => {
                mistakes.extend(given_twice(&source, &path, &mut ids));
                // Without a protocol a file is everybody's mistake.
                if source.peek("protocol").is_none_or(|protocol| wanted(&protocol)) {
                    match source.parse::<Partner<P>>().map(|partner| partner.judged(&source)) {
                        Ok((partner, more)) => {
                            found.push(partner);
                            mistakes.extend(more);
                        }
                        Err(more) => mistakes.extend(Vec::from(more)),
                    }
                }
            }
            Err(more) => mistakes.extend(Vec::from(more)),
        }
    }
    Ok((found, mistakes))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Mistakes> {
    let unreadable = |why: std::io::Error| {
        Mistakes::about(
            folder,
            format!("the folder of partners cannot be read ({why}): see [partners] folder"),
        )
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn given_twice(source: &Source, path: &Path, ids: &mut BTreeMap<String, PathBuf>) -> Vec<Mistake> {
    let Some(id) = source.peek("id") else { return Vec::new() };
    let Some(first) = ids.insert(id, path.to_owned()) else { return Vec::new() };
    let say = format!("is the id of {} too: ids are unique, choose another", first.display());
    source.locate(vec![super::mistakes::Problem::new("id", say)]).into()
}
