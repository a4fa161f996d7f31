//! Writes one of each document into a folder, to be looked at, and says how many a core renders in a second.
//!
//! `cargo run -p documents --example specimen -- target/specimen`

#[allow(dead_code, reason = "shared with the tests")]
#[path = "../tests/specimen/mod.rs"]
mod specimen;

use documents::{GuaranteeFacts, InvoiceFacts, render_guarantee, render_invoice};
use domain::{Money, PlaceOrder};
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

const ROUNDS: u32 = 5_000;

fn guarantee(application: &PlaceOrder) -> Result<Vec<u8>, documents::TooLong> {
    render_guarantee(&GuaranteeFacts {
        no: &specimen::number(),
        application,
        premium: Money::from_fen(400_005),
        issued_at: specimen::at(),
        valid_until: application.product.valid_until(),
        institution: specimen::INSTITUTION,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/specimen".to_owned()));
    std::fs::create_dir_all(&folder)?;
    let bid = specimen::application(specimen::bid());
    std::fs::write(folder.join("bid.pdf"), guarantee(&bid)?)?;
    let performance = specimen::application(specimen::performance());
    std::fs::write(folder.join("performance.pdf"), guarantee(&performance)?)?;
    let invoice = InvoiceFacts {
        code: "135000000001",
        number: "00000001",
        guarantee_no: &specimen::number(),
        request: &specimen::invoice(),
        made_out_at: specimen::at(),
        institution: specimen::INSTITUTION,
    };
    std::fs::write(folder.join("invoice.pdf"), render_invoice(&invoice)?)?;
    let started = Instant::now();
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        bytes += guarantee(&bid)?.len();
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{:.0} guarantees a second, {} bytes each",
        f64::from(ROUNDS) / seconds,
        bytes / ROUNDS as usize
    );
    Ok(())
}
