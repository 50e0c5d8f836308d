//! When does a row hold? Its three window columns, read again only where they differ from the row's before.

use crate::domain::time::Window;

use super::cells::{Cells, Stamp};
use super::fault::Refusal;

/// Remembers the last window.
#[derive(Debug, Default)]
pub(super) struct WindowMemo {
    texts: [String; 3],
    seconds: [Option<(i64, bool)>; 3],
    window: Window,
}

impl WindowMemo {
    /// The window of a row, from its `valid_from`, `valid_to` and `valid_through`, which stand in these columns.
    #[inline]
    pub(super) fn window<C: Cells + ?Sized>(
        &mut self,
        cells: &C,
        columns: [usize; 3],
    ) -> Result<Window, Refusal> {
        if columns.iter().all(|column| !cells.has(*column)) {
            return Ok(Window::ALWAYS);
        }
        let [from, to, through] = columns;
        let stamps = [cells.stamp(from)?, cells.stamp(to)?, cells.stamp(through)?];
        if stamps.iter().all(Stamp::is_empty) {
            return Ok(Window::ALWAYS);
        }
        if self.remembers(&stamps) {
            return Ok(self.window);
        }
        self.read(stamps)
    }

    fn remembers(&self, stamps: &[Stamp<'_>; 3]) -> bool {
        stamps.iter().zip(&self.texts).zip(&self.seconds).all(|((stamp, text), seconds)| match stamp {
            // Two empty texts may be compared by a call, which took half of an import's time.
            Stamp::Text(now) => seconds.is_none() && (now.is_empty() && text.is_empty() || now == text),
            Stamp::At { second, bare } => *seconds == Some((*second, *bare)),
        })
    }

    fn read(&mut self, stamps: [Stamp<'_>; 3]) -> Result<Window, Refusal> {
        let [from, to, through] = stamps.map(Stamp::text);
        let window = Window::parse(&from, &to, &through).map_err(|(column, error)| {
            let value = match column {
                "valid_from" => &from,
                "valid_to" => &to,
                _ => &through,
            };
            if !to.is_empty() && !through.is_empty() && column == "valid_through" {
                return Refusal::new(column, value, "stands beside valid_to: state one of them");
            }
            Refusal::new(column, value, error)
        })?;
        for ((text, seconds), stamp) in self.texts.iter_mut().zip(&mut self.seconds).zip(&stamps) {
            text.clear();
            match stamp {
                Stamp::Text(now) => {
                    text.push_str(now);
                    *seconds = None;
                }
                Stamp::At { second, bare } => *seconds = Some((*second, *bare)),
            }
        }
        self.window = window;
        Ok(window)
    }
}
