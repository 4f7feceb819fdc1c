//! The terminal interface. It receives decks and history as values and returns [`Effect`](crate::app::Effect)s, which
//! the shell performs. The same [`App`] therefore runs in a terminal and in tests.

pub mod app;
mod bounded;
mod drafts;
pub mod inbox;
pub mod input;
pub mod key;
pub mod meeting;
pub mod page;
pub mod room;
pub mod route;
pub mod run;
pub mod running;
pub mod screen;
pub mod terminal;
pub mod theme;
mod widget;

pub use app::App;
