//! The least that a ratatui program can be: a line of text, and the next key ends it.
//! The budgets are measured beside it.

use std::io;

use ratatui::text::Line;

fn main() -> io::Result<()> {
    ratatui::run(|terminal| {
        terminal.draw(|frame| frame.render_widget(Line::from("The first question"), frame.area()))?;
        while !crossterm::event::read()?.is_key_press() {}
        Ok(())
    })
}
