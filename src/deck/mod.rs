//! From files to questions.
//!
//! A deck file is cut into its head and its questions ([`scan`]); of every
//! question only what a form is chosen from is read then. The whole of it is
//! read when it is shown or checked ([`read`]): by one description of the
//! format ([`mod@format`]), with every problem found and not only the first.

pub mod builtin;
pub mod check;
pub mod code;
pub mod coverage;
pub mod diagnostic;
pub mod fields;
pub mod find;
pub mod findings;
pub mod format;
pub mod interaction;
pub mod load;
pub mod numeric;
pub mod outline;
pub mod quick;
pub mod read;
pub mod scan;
pub mod source;
pub mod table;
pub mod value;
