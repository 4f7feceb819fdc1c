//! What is handed out after an assessment: one view-model, [`Report`], and one file per format that shows it.

mod believed;
mod csv;
mod handout;
mod json;
mod markdown;
mod mentor;
mod mentoring;
mod model;
mod review;
mod text;
mod words;

pub use believed::{Believed, ConfidenceLine, calibration};
pub use csv::{AnswerRow, csv};
pub use handout::{Handout, handout};
pub use json::json;
pub use markdown::markdown;
pub use mentor::{People, person_page, session_page};
pub use mentoring::{Mentoring, mentoring};
pub use model::{
    Change, Changes, CompetencyLine, Continued, Counts, Estimate, GapLine, Heading, Report, Summary, Unscored,
};
pub use review::{PointLine, Review};
pub use text::text;
