//! The export screen: format, content and place of a report, with the full path of the file.
//!
//! ```text
//!   Export the report
//!
//!   Format   ◂ Markdown ▸
//!   Content  ◂ everything ▸
//!   Place    ◂ this folder ▸
//!
//! ▸ Write    /quiz/aethos-20261121-1.md
//! ```

use ratatui::text::Line;

use super::{Cursor, Screen, pointer};
use crate::app::effect::Effect;
use crate::app::export::{ExportOffer, ExportRequest, ReportFormat, ReportScope};
use crate::app::keymap::{Action, Context};
use crate::core::text::Text;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::prose;
use crate::tui::widget::writer::Writer;

/// The lines of the screen, by their indices.
const FORMAT: usize = 0;
const CONTENT: usize = 1;
const PLACE: usize = 2;
const WRITE: usize = 3;
const LINES: usize = 4;
/// The widest choices beside what they mean.
const WIDEST: usize = 76;
const KEPT: &str = "An existing file is kept: the new one gets a number. `aethos report -o FILE \
                    --force` replaces a file.";

pub struct ExportScreen {
    offer: ExportOffer,
    format: usize,
    scope: usize,
    folder: usize,
    cursor: Cursor,
}

impl ExportScreen {
    pub fn new(offer: ExportOffer) -> Self {
        let cursor = Cursor {
            at: WRITE,
            ..Cursor::default()
        };
        Self {
            offer,
            format: 0,
            scope: 0,
            folder: 0,
            cursor,
        }
    }

    fn format(&self) -> ReportFormat {
        ReportFormat::OFFERED[self.format]
    }

    /// Returns true if the questions of the report can be chosen; a table of answers always has all of them.
    fn has_scope(&self) -> bool {
        self.format() != ReportFormat::Csv
    }

    fn request(&self) -> ExportRequest {
        ExportRequest {
            session: self.offer.session.clone(),
            format: self.format(),
            scope: match self.has_scope() {
                true => ReportScope::ALL[self.scope],
                false => ReportScope::All,
            },
            folder: self
                .offer
                .folders
                .get(self.folder)
                .map(|(_, path)| path.clone())
                .unwrap_or_default(),
            name: self.offer.name.clone(),
        }
    }

    fn change(&mut self, more: bool) {
        let step = |at: usize, n: usize| match more {
            true => (at + 1) % n.max(1),
            false => (at + n.max(1) - 1) % n.max(1),
        };
        match self.cursor.at {
            FORMAT => self.format = step(self.format, ReportFormat::OFFERED.len()),
            CONTENT => self.scope = step(self.scope, ReportScope::ALL.len()),
            PLACE => self.folder = step(self.folder, self.offer.folders.len()),
            _ => {}
        }
    }

    fn words(&self, line: usize) -> String {
        match line {
            FORMAT => self.format().title().to_owned(),
            CONTENT if !self.has_scope() => "all answers".to_owned(),
            CONTENT => ReportScope::ALL[self.scope].title().to_owned(),
            _ => self
                .offer
                .folders
                .get(self.folder)
                .map_or(String::new(), |(what, _)| (*what).to_owned()),
        }
    }

    /// Returns the full path of the file. Its parts come from outside.
    fn path(&self) -> String {
        let request = self.request();
        let name = format!("{}.{}", request.name, request.format.ending());
        let path = std::path::Path::new(&request.folder).join(name);
        Text::new(&path.display().to_string()).line()
    }
}

impl Screen for ExportScreen {
    fn context(&self) -> Context {
        Context::List
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.cursor.act(action, LINES, turn) {
            return;
        }
        if let Action::Choose(line) = action {
            self.cursor.at = line.min(WRITE);
        }
        match action {
            Action::Enter | Action::Choose(_) if self.cursor.at == WRITE => {
                turn.pop();
                turn.effect(Effect::Export(self.request()));
            }
            Action::Enter | Action::Choose(_) | Action::Right => self.change(true),
            Action::Left => self.change(false),
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        match action {
            Action::Enter => true,
            Action::Left | Action::Right => self.cursor.at != WRITE,
            _ => Cursor::works(action, LINES, scrolls),
        }
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Export the report", Role::Title),
            ..Page::default()
        };
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        if writer.has_two_columns() {
            let columns = (width / 2).min(WIDEST);
            writer.two_columns(
                columns,
                |left| self.choices(left),
                |right| {
                    right.title(&format!("Format: {}", self.format().title()));
                    right.words(self.format().about(), Role::Text);
                    right.title(&format!("Content: {}", self.words(CONTENT)));
                    if self.has_scope() {
                        right.words(ReportScope::ALL[self.scope].about(), Role::Text);
                    }
                    right.gap();
                    right.words(KEPT, Role::Dim);
                },
            );
        } else {
            self.choices(&mut writer);
            writer.page.blank();
            writer.indented(KEPT, Role::Dim);
        }
        page.footer = match self.cursor.at == WRITE {
            true => vec![Action::Enter, Action::Back],
            false => vec![Action::Right, Action::Left, Action::Back],
        };
        page.words = vec![(Action::Enter, "write")];
        page
    }
}

impl ExportScreen {
    /// Draws the choices, and the line that writes the file.
    fn choices(&self, writer: &mut Writer) {
        let look = writer.look;
        let (back, forth) = (look.theme.mark("◂ ", "< "), look.theme.mark(" ▸", " >"));
        for (i, name) in ["Format", "Content", "Place"].into_iter().enumerate() {
            let marked = i == self.cursor.at;
            let line = Line::from(vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(format!("{name:<9}"), Role::Dim),
                look.span(back, Role::Key),
                look.span(self.words(i), Role::Text),
                look.span(forth, Role::Key),
            ]);
            writer.page.choice(line, Action::Choose(i), marked, look);
        }
        writer.page.blank();
        let marked = self.cursor.at == WRITE;
        let lines = prose::wrap(&self.path(), writer.width.saturating_sub(11).max(8), 0);
        for (n, path) in lines.into_iter().enumerate() {
            let (sign, name) = match n {
                0 => (pointer(marked, look), "Write"),
                _ => ("  ", ""),
            };
            let line = Line::from(vec![
                look.span(sign, Role::Key),
                look.span(format!("{name:<9}"), Role::Strong),
                look.span(path, Role::Text),
            ]);
            writer
                .page
                .choice(line, Action::Choose(WRITE), marked, look);
        }
    }
}
