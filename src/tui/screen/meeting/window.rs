//! The second window: it shows the stage of the session in the first one, and can't change it.

use super::stage;
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::session::present::Asked;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::screen::{Screen, reads};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// The screen of a second window.
#[derive(Default)]
pub struct WindowScreen {
    scroll: Scroll,
}

impl Screen for WindowScreen {
    fn context(&self) -> Context {
        Context::Anywhere
    }

    fn name(&self) -> Option<&'static str> {
        Some("Stage")
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        match action {
            Action::Up | Action::Down => self.scroll.by(turn.seen, 1, action == Action::Down),
            // From the next scene on, the window follows the first one again.
            Action::Next => self.scroll = Scroll::default(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {
                self.scroll.leap(action, turn.seen);
            }
        }
    }

    fn is_pair(&self, model: &Model) -> bool {
        let asked = model.stage.as_ref().and_then(|stage| stage.scene.asked());
        asked.is_some_and(Asked::has_figure)
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        action != Action::Back && reads(action, scrolls)
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = if let Some(stage) = &model.stage {
            stage::view(stage, None, look, width)
        } else {
            let mut page = Page {
                left: look.line("Stage", Role::Title),
                ..Page::default()
            };
            page.blank();
            page.push(look.line("Waiting for a session.", Role::Strong));
            let words = "This window shows the public part of a mentor session as soon as one is running \
                 here.";
            for line in prose::wrap(words, width, 0) {
                page.push(look.line(line, Role::Dim));
            }
            page
        };
        page.read = model
            .stage
            .as_ref()
            .map(|stage| stage.read)
            .filter(|read| *read > 0);
        page.footer = vec![Action::Leave];
        page
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use serde_json::{Value, json};

    use crate::app::effect::{Home, News};
    use crate::app::keymap::Keymap;
    use crate::app::settings::{Settings, ThemeChoice};
    use crate::core::time::Millis;
    use crate::session::meeting::Stage;
    use crate::tui::App;
    use crate::tui::page::Look;
    use crate::tui::theme::Theme;

    /// Returns stages as a session writes them, with every scene, body and reveal.
    fn stages() -> Vec<Value> {
        let bodies = [
            (
                json!({"options": {"select": 2, "options": ["one", "two"]}}),
                json!({"picked": [1]}),
            ),
            (json!({"steps": ["one", "two"]}), json!({"ordered": [1, 0]})),
            (
                json!({"entries": {"left": ["l", "m"], "right": ["r", "s"]}}),
                json!({"matched": [1, null]}),
            ),
            (json!({"number": {"unit": "ms"}}), json!({"typed": "12"})),
            (json!("words"), json!({"typed": "some words\nand more"})),
        ];
        let told = [
            json!({"options": [{"credit": 1.0, "why": "w", "misconception": "m"}]}),
            json!({"steps": [[1, "why"], [0, "why"]]}),
            json!({"entries": [[1, "why"], [0, "why"]]}),
            json!({"number": {"right": "3", "within": "1", "formula": "a"}}),
            json!({"words": {"model_answer": "m", "rubric": [
                {"criterion": "c", "evidence": "e", "points": 2, "own": 1, "mentor": 2}]}}),
        ];
        let votes = json!([{"round": "first", "votes": 3, "counts": [1, 2], "typed": [["12", 2]],
            "pairs": [[1, 2], [0, 3]], "different": 2}]);
        let mut scenes = vec![
            json!({"scene": "waiting"}),
            json!({"scene": "closing", "competencies": [{"title": "t", "right": 1, "answers": 2,
                "reasoning": [2.5, 3]}], "leaving": {"said": "s", "agreements": [["a", "2026-12-01"]]}, "next": "soon"}),
        ];
        for ((body, answer), told) in bodies.into_iter().zip(told) {
            let asked = json!({"stem": "stem", "code": {"language": "rust", "text": "fn f() {}"}, "lead_in": "What?",
                "rule": "Choose.", "body": body});
            let given = json!({"answer": answer, "confidence": "sure"});
            let reveal = json!({"told": told, "explanation": "e", "references": ["r"], "arithmetic": "1/2",
                "is_right": false, "belief": "b"});
            scenes.extend([
                json!({"scene": "asking", "asked": asked, "round": "second", "answers": 1, "turn": null,
                    "fingers": true, "given": given}),
                json!({"scene": "committed", "asked": asked, "round": "first", "answers": 1, "given": given}),
                json!({"scene": "split", "asked": asked, "votes": votes}),
                json!({"scene": "revealed", "asked": asked, "votes": votes, "given": given, "reveal": reveal}),
            ]);
        }
        let stage = |scene| {
            json!({"question": 3, "questions": 6, "topic": ["Topic", "Facet"], "people": 4, "read": 500,
                "scene": scene})
        };
        scenes.into_iter().map(stage).collect()
    }

    /// Changes numbers in the value, and lengthens or shortens its lists.
    fn distort(value: &mut Value, chance: &mut impl Iterator<Item = u64>) {
        const NUMBERS: [u64; 8] = [
            0,
            1,
            15,
            999,
            u16::MAX as u64,
            u32::MAX as u64,
            i64::MAX as u64,
            u64::MAX,
        ];
        match value {
            Value::Number(number) if number.is_u64() => {
                let drawn = chance.next().unwrap_or(0);
                *value = NUMBERS[drawn as usize % NUMBERS.len()].into();
            }
            Value::Array(list) => {
                let drawn = chance.next().unwrap_or(0);
                if drawn % 3 == 1 && !list.is_empty() {
                    *list = list
                        .iter()
                        .cloned()
                        .cycle()
                        .take(drawn as usize / 3 % 200)
                        .collect();
                }
                list.iter_mut().for_each(|entry| distort(entry, chance));
            }
            Value::Object(fields) => fields.values_mut().for_each(|field| distort(field, chance)),
            _ => {}
        }
    }

    fn draw(stage: &Stage, width: u16, height: u16) {
        let settings = Settings::default();
        let keymap = Keymap::new(&settings.keys).unwrap();
        let look = Look {
            theme: Theme::new(ThemeChoice::Dark, false, false),
            keymap,
            height,
        };
        let mut app = App::window(settings, look, Home::default());
        app.news(Millis::ZERO, News::Stage(Some(Box::new(stage.clone()))));
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| drop(app.view(frame))).unwrap();
    }

    #[test]
    fn every_stage_is_read() {
        for value in stages() {
            let stage = serde_json::from_value::<Stage>(value.clone());
            draw(
                &stage.unwrap_or_else(|error| panic!("{error}: {value}")),
                80,
                24,
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_stage_from_another_process_is_drawn_at_any_size(
            place in any::<proptest::sample::Index>(),
            chance in proptest::collection::vec(any::<u64>(), 64),
            width in 1_u16..140,
            height in 1_u16..50,
        ) {
            let all = stages();
            let mut value = all[place.index(all.len())].clone();
            distort(&mut value, &mut chance.into_iter().cycle());
            // The parser rejects values that don't fit the types.
            if let Ok(stage) = serde_json::from_value::<Stage>(value) {
                draw(&stage, width, height);
            }
        }
    }
}
