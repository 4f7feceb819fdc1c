//! Reports: one view-model, [`Report`], and one file per format.

mod calibration;
mod csv;
mod document;
mod handout;
mod homework;
mod html;
mod json;
mod markdown;
mod mentor;
mod mentoring;
mod model;
mod overview;
mod review;
mod rounding;
mod text;
mod words;

pub use calibration::{CalibrationSummary, ConfidenceLine, calibration_text};
pub use csv::{AnswerRow, csv};
pub use document::PageFormat;
pub use handout::{Handout, handout};
pub use homework::{homework_feedback, homework_page};
pub use html::{PastScore, html};
pub use json::json;
pub use markdown::{markdown, question_markdown};
pub use mentor::{People, person_page, recent_page, session_page};
pub use mentoring::{MentoringReport, mentoring};
pub use model::{
    ComparisonSummary, CompetencyLine, Continued, Estimate, GapLine, Heading, Report, ScoreChange,
    StatusCounts, Summary, UnscoredLine,
};
pub use overview::{CompetencyFacets, FacetVerdicts, QuestionTime};
pub use review::{PointLine, Review};
pub use text::{question_text, review_text, summary_text, text};
