//! Writes one of each document into a folder, to be looked at, and says how long one takes.
//!
//! `cargo run -p documents --example specimen -- target/specimen`

#[allow(dead_code, reason = "shared with the tests")]
#[path = "../tests/it/specimen.rs"]
mod specimen;

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

const ROUNDS: u32 = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/specimen".to_owned()));
    std::fs::create_dir_all(&folder)?;
    let started = Instant::now();
    let printer = specimen::printer();
    println!("fonts and templates opened in {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    for (name, rendered) in specimen::every(&printer).into_iter().chain(specimen::extremes(&printer)) {
        let rendered = rendered?;
        println!("{name}: {} bytes, seal {:?}", rendered.bytes.len(), rendered.seal);
        std::fs::write(folder.join(format!("{name}.pdf")), rendered.bytes)?;
    }
    let started = Instant::now();
    for _ in 0..ROUNDS {
        printer.guarantee(&specimen::letter())?;
    }
    println!("a bid guarantee takes {:.2} ms", started.elapsed().as_secs_f64() * 1e3 / f64::from(ROUNDS));
    Ok(())
}
