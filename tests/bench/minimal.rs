//! A minimal ratatui program, which draws a line of text and ends at the next key.
//! The budgets are compared with it.

use std::io;

use ratatui::text::Line;

fn main() -> io::Result<()> {
    ratatui::run(|terminal| {
        terminal
            .draw(|frame| frame.render_widget(Line::from("The first question"), frame.area()))?;
        while !crossterm::event::read()?.is_key_press() {}
        Ok(())
    })
}
