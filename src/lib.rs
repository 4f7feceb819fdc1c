//! aethos: a terminal self-assessment for distributed-systems engineers.
//!
//! This page describes the architecture: the modules and their dependencies, the main data flows,
//! and the place for each kind of change. How to build, test and write questions is in
//! `CONTRIBUTING.md`.
//!
//! # Modules
//!
//! The core is pure: it accesses no file, clock, terminal, environment variable or global random
//! number generator. Times and seeds are passed in as values.
//!
//! - [`core`]: questions, answers, forms, scoring, ability estimation, scheduling.
//! - [`session`]: the state machines of sessions. A session is its log of events; replaying the log
//!   restores the session.
//! - [`simulation`]: the models that draw simulated questions, on `core` alone.
//!
//! Each of these modules handles one kind of input or output, and none of them depends on another:
//!
//! - [`deck`]: parsing and checking of deck files.
//! - [`exchange`]: questions in the formats of other programs, converted to drafts of decks and
//!   back, on `core` alone.
//! - [`store`]: the history, in one `SQLite` file.
//! - [`report`]: the view-model of a finished session, and one writer per format.
//! - [`tui`]: the screens. They receive values and return effects.
//! - [`plain`]: sessions as a line-based dialogue.
//!
//! Three modules connect them:
//!
//! - [`app`]: the values that screens and commands exchange with the shell: effects, news,
//!   settings, the key map.
//! - [`shell`]: the [`shell::Workspace`] of decks, history and settings, which answers queries, and
//!   the [`shell::Shell`], which runs sessions on it and performs effects.
//! - [`cli`]: one file per command.
//!
//! # Dependencies
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
//! A module may use every module that it reaches along the arrows, and no other; `cli`, `shell`,
//! `session` and `deck` may also use `simulation`, and `cli` may use `exchange`. In `cli`, only
//! `interactive.rs` and `look.rs` use `tui`, because they start the terminal.
//! `tests/architecture.rs` checks these rules and the purity of the core.
//!
//! # From a deck file to a report
//!
//! 1. [`deck::scan`] splits a file into its head and its questions, and [`deck::fast_scan`] reads
//!    only the fields of each question that form selection needs. For the built-in decks,
//!    `build.rs` did this with the same scanner and wrote a [`deck::index`]. For large decks,
//!    [`deck::cache`] keeps one. [`deck::load::Library`] holds all decks in this form.
//! 2. [`core::form::plan`] chooses questions by blueprint, exposure and seed. [`deck::parse`]
//!    parses the chosen questions, and [`core::form::freeze`] draws the order of their options and
//!    their parameters. [`shell::Shell::start`] does all this and starts a [`session::Session`].
//! 3. In an adaptive session, [`session::Chooser`] chooses each question from the answers so far. A
//!    deepening also counts the answers of the sessions that it continues
//!    ([`session::EarlierAnswers`]). In practice, [`session::PracticeQueue`] chooses the questions,
//!    and each answer is explained before the next question.
//! 4. [`session::present`] derives what may be shown before and after an answer. [`tui::App`] draws
//!    it. The [`app::keymap`] maps a key to an action, the screen maps the action to a
//!    [`session::Event`], and [`session::Driver`] applies it at the time charged so far.
//!    [`session::Session::apply`] accepts or rejects the event. Mentor sessions and line-based
//!    dialogues use the same driver.
//! 5. [`app::Effect::Save`] makes [`store::Store`] save the event before the next frame is drawn.
//!    Resuming a session replays its events.
//! 6. At the end, [`core::scoring`] scores the answers, and [`session::assessment::Assessment`]
//!    passes the scores to [`core::measure`], which estimates ability. The result screen and
//!    [`report::Report`] use the same assessment.
//!
//! # Simulated questions
//!
//! A question with `[question.simulation]` names a [`simulation::Model`], one of its asks, and
//! bounds. [`deck`] checks them against the model and keeps them as [`core::instance::Simulation`].
//! [`core::form::freeze`] draws an [`core::instance::Instance`] that the person has not seen; its
//! seed is the row of the item, so exposures and form codes treat instances as they treat rows of
//! parameters. The item stores the whole instance, and a stored session never needs the model
//! again. `Question::instantiated` in `core/instance.rs` is the only place that turns question and
//! instance into the concrete question that all outputs present, score and review.
//!
//! # From an answer to the next practice
//!
//! A grade in practice and each answer of a finished assessment are stored as a review.
//! [`core::schedule`] derives from the reviews of a question when it is due.
//! [`shell::Workspace::queue`] combines due, weak and new questions, and excludes the unseen
//! questions that [`core::reserve`] keeps for assessments. All of this is derived from events, and
//! derived again when the scheduler changes.
//!
//! # Mentor sessions
//!
//! [`session::meeting`] is the state machine of a session with a mentor and several people. It also
//! uses events. [`session::meeting::Stage`] is the value with everything that all participants may
//! see: the screen draws it, and [`shell::stage`] sends it to second windows. The mentor's private
//! console is drawn from other values. Whoever joins from elsewhere receives a
//! [`session::meeting::RoomFrame`] from [`shell::room`]: the stage, and their own vote. Records of
//! people and groups are not stored; `shell/people/` derives them from the logs. To erase a person,
//! [`store::Store::erase`] replaces each event about the person by an empty one.
//!
//! # Where to change what
//!
//! - **A format for import.** Add a file in `exchange/` that reads it into drafts, and a variant of
//!   [`exchange::Format`], which recognizes it.
//! - **A question type.** Add the variant to `Interaction` in `core/question.rs`; the compiler
//!   then lists the places that match on it exhaustively: `Answer` in `core/response.rs`,
//!   scoring, chance level and printed rule in a file of `core/scoring/`, corrections, expected
//!   time, `session/present/`, `tui/widget/question/`, `plain/answer.rs`, `report/json.rs`,
//!   `cli/show.rs`, homework, drafts of imports. It does not list: the words in
//!   `core/question/label.rs`, the keys in `deck/format.rs` and `deck/interaction.rs`, the
//!   shuffle in `core/form/`, votes in `session/meeting/chat/answer.rs`, `exchange/export.rs`,
//!   `cli/new_types.toml`, and every `matches!` or `_ =>`. A new form of `Answer` needs a step in
//!   `store/migrate.rs`. Add a state to `tests/screens/states.rs` and a line to `TYPES` in
//!   `tests/scan.rs`; `tests/bank.rs` expects the type in each scored deck.
//! - **A part of a question, such as a figure.** Add a variant of [`session::present::Part`] in
//!   `session/present/part.rs`, and draw it in `session/present/lines.rs` (text),
//!   `report/markdown.rs`, `report/html/blocks.rs` and `tui/widget/question/`.
//! - **A kind of figure.** Add a variant of [`core::figure::Drawing`] and its value; its files in
//!   `core/figure/draw/` (characters) and `core/figure/vector/` (pixels; a table is HTML
//!   instead); its sentences in `core/figure/describe.rs`; its keys in `KINDS` in
//!   `deck/figure_format.rs` and its names in `check_names` in `deck/figure.rs`, which the
//!   compiler finds neither. Add an example to `tests/figures/examples/`, a generator to
//!   `tests/figures/random.rs` and a mistake to `tests/fixtures/decks/figures.toml`.
//!   `GALLERY=write cargo test --test figures gallery` writes `docs/figures.md`.
//! - **A key of a figure.** Add it to the value in `core/figure.rs` and to its kind in
//!   `deck/figure_format.rs`, which names it like the value; names are checked in `deck/figure.rs`,
//!   numbers in `deck/figure_numbers.rs`, and what authors should write in `deck/check/figures.rs`.
//! - **A model of simulated questions.** Add a file in `simulation/`, and its `mod` and its line in
//!   `MODELS` in `simulation/mod.rs`. Its tests, in `simulation/NAME/tests.rs`, call
//!   `simulation::contract` for each ask. `docs/simulations.md` and
//!   `tests/fixtures/simulation/golden.txt` are generated by `UPDATE_SIMULATION=1 cargo test --test
//!   simulation`; if a seed draws something else than before, increment the model's `version`. What
//!   makes draws good or bad is in `simulation/audit.rs`, which `aethos check` uses, too.
//! - **A screen.** Add a file in `tui/screen/` that implements [`tui::screen::Screen`], or
//!   [`tui::screen::read_only::Content`] if it is only read. If it can open at once, add a
//!   [`tui::route::Route`]. If it needs data, the screen before it returns an `Effect`;
//!   `shell/mod.rs` passes it to a query in a file of `shell/`, and the resulting `News` (both in
//!   `app/effect.rs`) opens the screen in `tui/app.rs`. A screen holds only its cursor; shared
//!   state is in `Model` (`tui/app.rs`). Its keys belong to a `Context` in `app/keymap.rs`. Add
//!   each of its states to `tests/screens/states.rs`, whose tests then cover its sizes, colours,
//!   help and keys.
//! - **A key.** Add a line to the table in `app/keymap/table.rs`. Help, footer and the keys in
//!   `aethos config` are derived from it.
//! - **A setting.** Add a field with a default to `Settings` in `app/settings.rs`, of a type that
//!   refuses values out of range; explain it in `cli/config.rs`, which nothing checks; and add
//!   its line to `tui/screen/settings.rs`. `shell/settings_file.rs` reads and edits every field.
//!   Tests are in `tests/cli.rs`, and in `tests/hostile.rs` for refused values.
//! - **A command.** Add a file in `cli/`, a variant of `Command` and its line in `cli/mod.rs`, a
//!   row in the README, and tests in `tests/cli.rs`. Queries of decks and history belong to
//!   [`shell::Workspace`]. Help and manual pages follow.
//! - **A deck check.** Add its code, severity and explanation to `deck/diagnostic_code.rs`;
//!   numbers are never reused, and `aethos check --explain` follows. Structural checks (`D`) are
//!   where a value is read: `deck/parse.rs`, `interaction.rs`, `numeric.rs`, `value/`. Rules
//!   about the writing of a question (`L`) are in `deck/check/`, rules about the whole bank (`B`)
//!   in `deck/check/bank.rs`, rules about the draws of a simulated question (`S`) in
//!   `deck/check/simulated.rs`. The example that each must find is in `tests/fixtures/decks/` for
//!   `D`, in `every_broken_rule_is_found` in `tests/rules.rs` or in `tests/deck_figures.rs` for
//!   `L`, in `tests/rules.rs` for `B`, and beside the rule for `S`. The built-in decks stay free
//!   of findings (`tests/bank.rs`).
//! - **A report format.** Add a file in `report/` that writes the model of `report/model.rs`, a
//!   variant of `ReportFormat` in `app/export.rs` with its title and ending, its place in
//!   `OFFERED` there, and a line in `report_as` in `shell/export.rs`. The command and the export
//!   screen follow. Tests are in `tests/report.rs`; describe it in `docs/reports.md`.
//! - **The HTML report.** Its templates and style are in `report/html/`. Figures come from
//!   `core/figure/vector/`. Pages about people and homework are a `report::document`, which is
//!   written as Markdown or HTML.
//! - **What a backup holds.** The names are in `shell/backup.rs`; `store/archive.rs` writes and
//!   checks the file.
//! - **An event.** Add it to `session/event.rs`, validate it in `session/admit.rs` (events that
//!   are not named there are accepted), and apply it in `session/machine.rs`; for mentor
//!   sessions, in the files of the same names in `session/meeting/`; homework has
//!   `session/homework/event.rs`. Add a step to `store/migrate.rs`, possibly an empty one, so
//!   that an older aethos refuses the file. Never change the name or meaning of a stored event:
//!   add another one, as `AnswerChanged` beside `Answered`; a new field has a default. Effects on
//!   other tables are in `Entry::follows` in `store/log.rs`, and `shell/derive.rs` derives those
//!   tables again. `tests/histories.rs` replays frozen histories, which are never edited.
//! - **A table of the history.** Add a step to `store/migrate.rs`.
//! - **A kind of adaptive session.** Choosing the next question is pure and belongs in `core/` or
//!   `session/`; access to decks and history is a variant in `shell/growth.rs`.
//! - **What a mentor session shows.** `session/meeting/stage.rs` alone decides what participants
//!   may see at each step, and its tests search every step for leaks.
//! - **What participants who join send and receive.** `session/meeting/room.rs`; increment
//!   `ROOM_VERSION`. `tui/room.rs` decides who is who, `tui/screen/joined.rs` is their screen.
//! - **A chat program whose copies are read as votes.** Add a sample of a copy to
//!   `session/meeting/chat/tests.rs`; the forms are recognized in `message.rs` there.
//! - **What a mentor learns about people.** The derivations are in `session/meeting/` and read the
//!   logs through `shell/people/`; `tui/screen/people/` and `report/mentor.rs` show them.
//! - **The scheduler.** Only `core/schedule.rs` knows FSRS. Increment its `VERSION`, and each
//!   history is derived again when it is opened.

pub mod app;
pub mod cli;
pub mod core;
pub mod deck;
pub mod exchange;
pub mod plain;
pub mod report;
pub mod session;
pub mod shell;
pub mod simulation;
pub mod store;
pub mod tui;
