//! A session as a pure state machine: events in, state out, no clock of its own.
//!
//! The log of events *is* the session. Whoever replays it gets the same state,
//! so a process that died in the middle is resumed by reading what it wrote.

mod adaptive;
pub mod assessment;
mod clock;
mod event;
mod machine;
mod policy;
mod practice;
mod queue;

pub use adaptive::{Chooser, Conclusion, Draw, Offered};
pub use clock::Clock;
pub use event::{Event, Stamped};
pub use machine::{Expiry, Gap, Phase, Rejected, Session, Sheet};
pub use policy::Mode;
pub use practice::Unready;
pub use queue::{Queue, rows_to_avoid};
