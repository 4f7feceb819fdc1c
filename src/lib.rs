//! aethos: a terminal self-assessment for distributed-systems engineers.
//!
//! This page is the map: the rooms of the house, which room may name which,
//! the way of one answer through all of them, and where a new thing goes.
//!
//! # The rooms
//!
//! The inside is pure: it opens no file, reads no clock, knows no terminal and
//! draws no random number of its own. Times and seeds come in as values.
//!
//! - [`core`]: what a question, an answer, a form and a score are, and how
//!   ability is measured.
//! - [`session`]: the state machine of one sitting. Its log of events is the
//!   session; whoever replays the log has the same session again.
//!
//! Around it stand the rooms that each know one side of the world, and nothing
//! of one another:
//!
//! - [`deck`]: from files to questions, with every mistake found at its place.
//! - [`store`]: the history, in one SQLite file.
//! - [`report`]: one view-model of a finished session, and a file per format.
//! - [`tui`]: the screens. They are shown values and answer with effects.
//! - [`plain`]: the same session as a dialogue in lines.
//!
//! Screens and commands talk to the shell in the values of one folder:
//!
//! - [`app`]: effects, news, settings, the key map, and what each screen shows.
//!
//! And two put them together:
//!
//! - [`shell`]: a workspace of decks, history and settings, which answers
//!   questions, and the shell that runs sessions over it and performs effects.
//! - [`cli`]: one file per command; its `mod.rs` is the program's table of
//!   contents.
//!
//! # The arrows
//!
//! ```text
//!   cli ─┬─▶ shell ─┬─▶ deck ────────────────────┐
//!        │          ├─▶ store ───┐               │
//!        │          ├─▶ report ──┼─▶ session ──▶ core
//!        │          └─▶ app ─────┤
//!        ├─▶ tui ─────▶ app      │
//!        └─▶ plain ──────────────┘
//! ```
//!
//! A room may name whatever it reaches along the arrows. None points back, and
//! none joins `deck`, `store`, `report`, `tui` and `plain`: what one of them
//! needs of another is handed over as a value of `core`, `session` or `app`. So
//! one [`tui::App`] serves a terminal and a test alike. In `cli`, only
//! `interactive.rs` and `look.rs` name `tui`: they start the terminal.
//!
//! # From a deck file to a report
//!
//! 1. [`deck::scan`] cuts a file into its head and its questions, and
//!    [`deck::quick`] reads of each question only what a choice needs:
//!    [`deck::load::Library`] holds all decks this way, however large.
//! 2. [`core::form::plan`] chooses questions by blueprint, exposure and seed;
//!    [`deck::read`] reads those few in full; [`core::form::freeze`] fixes
//!    orders and parameters. [`shell::Shell::start`] does this and begins a
//!    [`session::Session`].
//!    An adaptive session begins with one question, and [`session::Chooser`]
//!    picks each further one from the answers so far; a deepening begins with
//!    those of the sessions that it continues ([`session::Earlier`]). In practice
//!    [`session::PracticeQueue`] picks, and each answer is explained before the next.
//! 3. [`tui::App`] draws the screen. A key becomes an action by the
//!    [`app::keymap`], an action becomes a [`session::Event`] by the screen, and
//!    [`session::Session::apply`] takes the event or says why not.
//! 4. [`app::Effect::Save`] makes the event durable in [`store::Store`] before
//!    the next frame. To resume is to replay.
//! 5. At the end [`core::scoring`] scores the answers,
//!    [`session::assessment::Assessment`] hands them to [`core::measure`], and
//!    the result screen and [`report::Report`] show the same numbers. Over
//!    several assessments, [`session::ConfidenceStats`] sums up what was said of the
//!    answers, and [`session::Comparison`] tells a change from chance.
//!
//! # From an answer to the next day
//!
//! A grade in practice and each answer of a finished assessment is a review in
//! [`store`], and the reviews of a question are a memory: when it is due
//! ([`core::schedule`]). [`shell::Workspace::queue`] puts together what is due,
//! weak and new ([`core::fill`]) without what is kept for an assessment
//! ([`core::reserve`]). All of it follows from the events and is derived again
//! when the scheduler changes.
//!
//! # A mentor's sessions
//!
//! A [`session::meeting::DraftMeeting`] prepares one, and [`session::meeting::Meeting`]
//! is the same idea as a session with several people: events in, state out.
//! [`session::meeting::Stage`] is the part of it that everybody may see; the
//! screen draws that value, and [`shell::stage`] writes it to second windows. The
//! console is drawn over it, and nothing of it is in the value.
//!
//! What a meeting says afterwards is a [`session::meeting::MeetingRecord`]; all records
//! of a person are their [`session::meeting::MentoringProgress`], those of several a
//! [`session::meeting::Cohort`]. None of these is stored: `shell/people/` replays
//! the logs. To forget a person, [`store::Store::erase`] puts an empty event in
//! the place of each that was about them.
//!
//! # Where things go
//!
//! - A type of question: `core/question.rs` and `core/response.rs`, a file in
//!   `core/scoring/`, its keys in `deck/format.rs`, its reading in
//!   `deck/interaction.rs`; what is asked, what is revealed and how it is
//!   answered in [`session::present`]; its drawing in `tui/widget/question/`,
//!   its letters in `plain/answer.rs`, its fields in `report/json.rs`. Add the
//!   variant of `Interaction` first, and the compiler lists the rest.
//! - A part of a question, such as a figure: a variant of
//!   [`session::present::Part`] and one place in each writer:
//!   `session/present/lines.rs` for text, `report/markdown.rs` and
//!   `tui/widget/question/`.
//! - A screen: a file in `tui/screen/` that implements [`tui::screen::Screen`],
//!   and a [`tui::route::Route`] to it.
//! - A key: a line in `app/keymap.rs`; help, footer and settings follow.
//! - A command: a file in `cli/` and a variant in `cli/mod.rs`.
//! - A way in which a session grows: a kind of `shell/growth.rs` in a file of
//!   its own; the choice itself is pure and belongs to `session`.
//! - A check of decks: a code in `deck/code.rs`; where a value is read if it is
//!   about structure, else a rule in `deck/check/`.
//! - A format of the report: a file in `report/` over the same view-model.
//! - A kind of event: [`session::Event`], `admit` in `session/admit.rs`,
//!   `apply` in `session/machine.rs`; of a mentor's session the files of the
//!   same names in `session/meeting/`. Old logs must still replay.
//! - Something that everybody may see of a mentor's session:
//!   `session/meeting/stage.rs`.

pub mod app;
pub mod cli;
pub mod core;
pub mod deck;
pub mod plain;
pub mod report;
pub mod session;
pub mod shell;
pub mod store;
pub mod tui;
