//! The terminal interface. It gets decks and history as values and answers with
//! [`Effect`](crate::app::Effect)s; the shell around it performs them. So the same
//! [`App`] runs in a terminal and in a test.

pub mod app;
mod drafts;
pub mod inbox;
pub mod input;
pub mod key;
pub mod meeting;
pub mod page;
pub mod route;
pub mod run;
pub mod running;
pub mod screen;
pub mod terminal;
pub mod theme;
mod widget;

pub use app::App;
