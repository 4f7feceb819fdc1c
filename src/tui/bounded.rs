//! A backend that uses only the top left part of a terminal of absurd size, for which no frame would fit into memory.

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// The largest size that is drawn, in columns and lines.
const LARGEST: Size = Size {
    width: 1000,
    height: 500,
};

/// A backend whose terminal seems to be no larger than [`LARGEST`].
pub struct Bounded<B>(pub B);

fn bounded(size: Size) -> Size {
    Size {
        width: size.width.min(LARGEST.width),
        height: size.height.min(LARGEST.height),
    }
}

impl<B: Backend> Backend for Bounded<B> {
    type Error = B::Error;

    fn size(&self) -> Result<Size, Self::Error> {
        self.0.size().map(bounded)
    }

    fn window_size(&mut self) -> Result<WindowSize, Self::Error> {
        let found = self.0.window_size()?;
        Ok(WindowSize {
            columns_rows: bounded(found.columns_rows),
            ..found
        })
    }

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Self::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.0.draw(content)
    }

    fn append_lines(&mut self, lines: u16) -> Result<(), Self::Error> {
        self.0.append_lines(lines)
    }

    fn hide_cursor(&mut self) -> Result<(), Self::Error> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), Self::Error> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, Self::Error> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Self::Error> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), Self::Error> {
        self.0.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), Self::Error> {
        self.0.clear_region(region)
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    #[test]
    fn the_frame_of_a_huge_terminal_is_bounded() {
        for (width, height, drawn) in [(3000, 800, (1000, 500)), (80, 24, (80, 24))] {
            let backend = Bounded(TestBackend::new(width, height));
            let mut terminal = Terminal::new(backend).unwrap();
            let mut area = Size::default();
            terminal.draw(|frame| area = frame.area().into()).unwrap();
            assert_eq!((area.width, area.height), drawn);
        }
    }
}
