//! The budgets for waiting times and resources. `cargo bench` prints a table of measurements and limits;
//! `cargo bench -- --quick` measures less and takes less than a minute.
//!
//! Everything is measured from outside, on the release build. A missed budget is reported in the table and is not a
//! failure, because on a busy machine it says more about the machine. Needs Linux for `/proc`.

mod bank;
mod figures;
mod program;
mod section;
mod table;

use std::{env, fs, io};

use section::Scale;
use table::Table;

fn main() -> io::Result<()> {
    let has = |argument: &str| env::args().skip(1).any(|given| given == argument);
    if !has("--bench") {
        println!("nothing to test here: cargo bench");
        return Ok(());
    }
    let scale = if has("--quick") {
        Scale::QUICK
    } else {
        Scale::FULL
    };
    let mut table = Table::default();
    section::start_and_memory(scale, &mut table)?;
    section::keys(scale, &mut table)?;
    section::idle(scale, &mut table)?;
    section::check(scale, &mut table)?;
    section::home(scale, &mut table)?;
    section::practice(scale, &mut table)?;
    figures::figures(&mut table);
    section::binary(&mut table)?;
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("unknown");
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    println!("\n{table}\n{processors} processors, load {load}");
    Ok(())
}
