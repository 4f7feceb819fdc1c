//! The topics to which a search can be limited: the competencies and their facets.

use ratatui::text::Line;

use super::{Cursor, Screen, fixed, pointer};
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::core::seen::Topic;
use crate::core::text::Text;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;

pub struct TopicsScreen {
    cursor: Cursor,
}

/// Returns every topic with its title, after an entry for all topics.
fn topics(model: &Model) -> Vec<(Option<Topic>, &Text)> {
    let competencies = model.home.blueprint.competencies.iter();
    competencies
        .flat_map(|competency| {
            let facets = competency.facets.iter();
            let facets = facets.map(|facet| (Topic::Facet(facet.id.clone()), &facet.title));
            [(Topic::Competency(competency.id.clone()), &competency.title)]
                .into_iter()
                .chain(facets)
        })
        .map(|(topic, title)| (Some(topic), title))
        .collect()
}

/// Returns the title of the topic of the search.
pub fn title(model: &Model) -> String {
    let topic = model.browse.query.topic.as_ref();
    let mut topics = topics(model).into_iter();
    let found = topics.find(|(of, _)| topic.is_some() && of.as_ref() == topic);
    found.map_or("all topics".to_owned(), |(_, title)| title.line())
}

impl TopicsScreen {
    pub fn new(model: &Model) -> Self {
        let topic = &model.browse.query.topic;
        let at = topics(model).iter().position(|(of, _)| of == topic);
        let at = at.map_or(0, |at| at + 1);
        Self {
            cursor: Cursor {
                at,
                ..Cursor::default()
            },
        }
    }

    /// Limits the search to the marked topic.
    fn choose(&self, turn: &mut Turn) {
        let topic = topics(turn.model)
            .into_iter()
            .nth(self.cursor.at.wrapping_sub(1))
            .and_then(|(topic, _)| topic);
        turn.model.browse.query.topic = topic;
        let query = turn.model.browse.query.clone();
        turn.effect(Effect::FindSeen(query));
        turn.pop();
    }
}

impl Screen for TopicsScreen {
    fn context(&self) -> Context {
        Context::List
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let lines = topics(turn.model).len() + 1;
        if self.cursor.act(action, lines, turn) {
            return;
        }
        match action {
            Action::Enter => self.choose(turn),
            Action::Choose(i) if i < lines => {
                self.cursor.at = i;
                self.choose(turn);
            }
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        match action {
            Action::Enter => true,
            _ => Cursor::works(action, topics(model).len() + 1, scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Topic", Role::Title),
            ..Page::default()
        };
        let all = Text::new("All topics");
        let lines = [(None, &all)].into_iter().chain(topics(model));
        for (i, (topic, title)) in lines.enumerate() {
            let marked = i == self.cursor.at;
            let (indent, role) = match topic {
                Some(Topic::Facet(_)) => ("  ", Role::Text),
                _ => ("", Role::Strong),
            };
            let title = fixed(&title.line(), width.saturating_sub(2 + indent.len()));
            let line = Line::from(vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(format!("{indent}{}", title.trim_end()), role),
            ]);
            page.choice(line, Action::Choose(i), marked, look);
        }
        page.words.push((Action::Enter, "choose"));
        page.footer = vec![Action::Enter, Action::Back];
        page
    }
}
