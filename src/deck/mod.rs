//! Loading decks: from files to questions, with diagnostics for every problem.
//!
//! [`scan`] splits a deck file into its head and its questions, and reads only
//! the fields of each question that form selection needs. [`parse`] parses a
//! whole question when it is shown or checked. It follows the description of
//! the format in [`mod@format`] and reports one error for each mistake. After a
//! syntax error or a wrong header ([`cause`]), the rest of that question is not
//! examined.

pub mod builtin;
pub mod cache;
pub mod cause;
pub mod check;
pub mod coverage;
pub mod diagnostic;
pub mod diagnostic_code;
pub mod fast_scan;
pub mod fields;
mod figure;
pub mod figure_format;
mod figure_numbers;
pub mod find;
pub mod findings;
pub mod format;
pub mod index;
pub mod interaction;
pub mod load;
pub mod numeric;
pub mod outline;
pub mod packed;
pub mod parse;
pub mod scan;
mod simulated;
pub mod source;
pub mod table;
pub mod value;
