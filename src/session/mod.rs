//! A session as a pure state machine: events in, state out, no clock of its own.
//!
//! The log of events *is* the session. Replaying it restores the same state, so a
//! session whose process died is resumed by reading its log.

mod adaptive;
mod admit;
pub mod assessment;
mod bank;
pub mod calibration;
mod clock;
mod comparison;
mod confidence_stats;
mod correction;
mod driver;
mod earlier;
mod event;
mod field;
pub mod homework;
mod machine;
pub mod meeting;
mod policy;
mod practice;
pub mod present;
mod queue;
mod words;

pub use adaptive::{Chooser, Conclusion, Draw, Offered};
pub use admit::Rejected;
pub use comparison::Comparison;
pub use confidence_stats::ConfidenceStats;
pub use driver::{Driver, Machine};
pub use earlier::{CountedAnswer, EarlierAnswers};
pub use event::{Event, Stamped};
pub use field::TextField;
pub use machine::{Expiry, Gap, Phase, Session, Sheet};
pub use policy::Mode;
pub use practice::NotReady;
pub use queue::{PracticeQueue, rows_to_avoid};
pub use words::{LEVEL_AND_RANGE, aside, figures};
