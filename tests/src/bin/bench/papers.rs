//! Rendering: how long a core takes for a guarantee as it is issued every day, and how large the file is.

use documents::{After, Issuer, Letter, Party, Printer, Rendered, Shown, Undertaking};
use domain::{Money, Timestamp};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// Documents in one round.
const DOCUMENTS: u32 = 200;

/// What one round found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    /// One core, one document.
    pub(crate) each: Duration,
    /// Size of the file, bytes.
    pub(crate) size: usize,
}

/// Renders one guarantee again and again on one core.
pub(crate) fn measure(rounds: usize) -> io::Result<Vec<Round>> {
    let (printer, issued_at) = (printer()?, issued_at()?);
    let letter = letter(issued_at);
    let round = |_| {
        let started = Instant::now();
        let mut size = 0;
        for _ in 0..DOCUMENTS {
            size = printer.guarantee(&letter).map_err(io::Error::other)?.bytes.len();
        }
        Ok(Round { each: started.elapsed() / DOCUMENTS, size })
    };
    (0..rounds).map(round).collect()
}

/// That guarantee once.
pub(crate) fn one() -> io::Result<Rendered> {
    printer()?.guarantee(&letter(issued_at()?)).map_err(io::Error::other)
}

fn printer() -> io::Result<Printer> {
    let issuer = Issuer {
        name: "示范担保有限公司".to_owned(),
        credit_code: "91310110666007217T".to_owned(),
        ..Issuer::default()
    };
    let fonts = Path::new("/usr/share/fonts/opentype/noto");
    Printer::open(issuer, fonts, None).map_err(io::Error::other)
}

fn issued_at() -> io::Result<Timestamp> {
    Timestamp::try_from("2026-11-22T02:30:00Z".to_owned()).map_err(io::Error::other)
}

fn party<'a>(name: &'a str, code: &'a str) -> Party<'a> {
    Party { name: Shown::Plain(name), code: Shown::Plain(code), address: Shown::default() }
}

fn letter(issued_at: Timestamp) -> Letter<'static> {
    Letter {
        no: "BH202611228Q0F3K7ZT2M9XC",
        edition: 1,
        undertaking: Undertaking::Bid {
            opening: Some(issued_at.plus_seconds(18 * 86_400)),
            validity_days: Some(90),
        },
        beneficiary: party("示例市城市建设投资集团有限公司", "91350100MA1111111Y"),
        applicant: party("测试建筑工程有限公司", "91350100MA0000000X"),
        project_name: Shown::Plain("示例市江北片区道路改造及配套管网工程"),
        project_no: Shown::Plain("E3501000001000123"),
        section_name: Shown::Plain("第一标段（K0+000至K3+500）"),
        section_no: Shown::Plain("E3501000001000123001"),
        bond: Money::from_fen(80_001_050),
        premium: None,
        issued_at,
        valid_from: None,
        valid_until: Some(issued_at.plus_seconds(108 * 86_400)),
        after: After::Nothing,
        verify_url: "https://files.example.cn/v/BH202611228Q0F3K7ZT2M9XC",
    }
}
