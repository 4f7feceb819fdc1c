//! The values that screens and commands exchange with the shell.
//!
//! A screen answers a key with an [`Effect`], and the shell reports the outcome as [`News`]. Commands without a screen
//! use the same values, so nothing here depends on the terminal.

use std::time::Instant;

use crate::core::time::Millis;

pub mod agenda;
pub mod browse;
pub mod effect;
pub mod export;
pub mod items;
pub mod key;
pub mod keymap;
pub mod people;
pub mod room;
pub mod settings;

pub use effect::{Effect, News};
pub use settings::Settings;

/// A monotonic clock that starts with the program.
#[derive(Clone, Copy)]
pub struct Watch(Instant);

impl Watch {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Instant::now())
    }

    pub fn now(&self) -> Millis {
        Millis(u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}
