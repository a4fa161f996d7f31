//! Which glyph a character has: the `cmap` table, format 12.

use super::bytes::{u16_at, u32_at};

/// Runs of characters that have consecutive glyphs, ascending.
#[derive(Debug)]
pub(super) struct Characters(Vec<Run>);

#[derive(Debug)]
struct Run {
    first: u32,
    last: u32,
    glyph: u32,
}

impl Characters {
    /// Reads the table; nothing if it has no full Unicode part.
    pub(super) fn read(cmap: &[u8]) -> Option<Self> {
        let parts = usize::from(u16_at(cmap, 2)?);
        let part = (0..parts).find_map(|n| {
            let at = u32_at(cmap, 4 + n * 8 + 4)? as usize;
            (u16_at(cmap, at)? == 12).then_some(at)
        })?;
        let count = u32_at(cmap, part + 12)? as usize;
        let runs = (0..count).map(|n| {
            let at = part + 16 + n * 12;
            Some(Run { first: u32_at(cmap, at)?, last: u32_at(cmap, at + 4)?, glyph: u32_at(cmap, at + 8)? })
        });
        let runs = runs.collect::<Option<Vec<_>>>()?;
        runs.is_sorted_by_key(|run| run.first).then_some(Self(runs))
    }

    /// The glyph of a character, if there is one.
    pub(super) fn glyph(&self, c: char) -> Option<u16> {
        let code = u32::from(c);
        let after = self.0.partition_point(|run| run.first <= code);
        let run = self.0.get(after.checked_sub(1)?)?;
        let glyph = (code <= run.last).then(|| run.glyph + (code - run.first))?;
        u16::try_from(glyph).ok().filter(|glyph| *glyph != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One format 12 part with the given runs.
    fn table(runs: &[[u32; 3]]) -> Vec<u8> {
        let mut cmap = vec![0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0];
        let numbers = [16 + 12 * runs.len() as u32, 0, runs.len() as u32];
        for number in numbers.iter().chain(runs.iter().flatten()) {
            cmap.extend(number.to_be_bytes());
        }
        cmap
    }

    #[test]
    fn a_character_between_two_runs_has_no_glyph() {
        let read = Characters::read(&table(&[[65, 70, 34], [0x4E00, 0x4E01, 900]])).expect("a table");
        assert_eq!(read.glyph('C'), Some(36));
        assert_eq!(read.glyph('丁'), Some(901));
        assert_eq!((read.glyph('@'), read.glyph('G'), read.glyph('七')), (None, None, None));
    }

    #[test]
    fn a_table_that_ends_early_is_refused() {
        let whole = table(&[[65, 70, 34]]);
        assert!(Characters::read(&whole[..whole.len() - 1]).is_none());
        assert!(Characters::read(&[]).is_none());
    }
}
