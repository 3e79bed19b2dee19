//! Tables of texts whose columns fit a width, with no word broken as long as that can be helped.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};

use crate::words::plain;

/// A line under the headers and no other.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// The space after a cell.
const GUTTER: u16 = 2;

/// Narrowest content of a column, when nothing else helps.
const NARROWEST: u16 = 6;

/// Tables under the same headers, with the same widths.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    headers: Vec<(String, CellAlignment)>,
    tables: Vec<Vec<Vec<String>>>,
}

/// The width of a column that breaks no line, and that which breaks no word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Need {
    line: u16,
    word: u16,
}

impl Grid {
    /// A column of texts.
    pub(crate) fn text(&mut self, header: &str) -> &mut Self {
        self.headers.push((plain(header).into_owned(), CellAlignment::Left));
        self
    }

    /// A column of numbers.
    pub(crate) fn number(&mut self, header: &str) -> &mut Self {
        self.headers.push((plain(header).into_owned(), CellAlignment::Right));
        self
    }

    /// A table; each row as long as there are columns. Texts are made safe here.
    pub(crate) fn table(&mut self, rows: impl IntoIterator<Item = Vec<String>>) {
        let safe = |row: Vec<String>| row.iter().map(|cell| plain(cell).into_owned()).collect();
        self.tables.push(rows.into_iter().map(safe).collect());
    }

    /// Can this be written in `width` without breaking a word?
    pub(crate) fn fits(&self, width: Option<u16>) -> bool {
        let least =
            self.needs().iter().fold(0_u16, |total, need| total.saturating_add(need.word).saturating_add(GUTTER));
        // The last gutter is blank.
        width.is_none_or(|width| least.saturating_sub(GUTTER) <= width)
    }

    /// Takes a column away.
    pub(crate) fn remove(&mut self, column: usize) {
        let keep = |index: &usize| *index != column;
        let mut headers = std::mem::take(&mut self.headers).into_iter().enumerate();
        self.headers = headers.by_ref().filter(|(index, _)| keep(index)).map(|(_, header)| header).collect();
        for row in self.tables.iter_mut().flatten() {
            let cells = std::mem::take(row).into_iter().enumerate();
            *row = cells.filter(|(index, _)| keep(index)).map(|(_, cell)| cell).collect();
        }
    }

    /// The tables as text, each without a line break at its end.
    pub(crate) fn lines(&self, width: Option<u16>) -> Vec<String> {
        let widths = fit(&self.needs(), width);
        self.tables.iter().map(|rows| self.draw(rows, &widths)).collect()
    }

    fn draw(&self, rows: &[Vec<String>], widths: &[u16]) -> String {
        let mut table = Table::new();
        // The widths are set below, whatever the arrangement makes of them.
        table.load_style(RULED).set_content_arrangement(ContentArrangement::Dynamic).set_width(u16::MAX);
        table.set_header(self.headers.iter().map(|(title, _)| title));
        for row in rows {
            table.add_row(row);
        }
        let last = self.headers.len().saturating_sub(1);
        for (index, ((_, alignment), width)) in self.headers.iter().zip(widths).enumerate() {
            if let Some(column) = table.column_mut(index) {
                let gutter = if index == last { 0 } else { GUTTER };
                column.set_cell_alignment(*alignment);
                column.set_padding((0, gutter));
                column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width.saturating_add(gutter))));
            }
        }
        table.trim_fmt()
    }

    fn needs(&self) -> Vec<Need> {
        let length = |text: &str| u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
        let need =
            |text: &str| Need { line: length(text), word: text.split(' ').map(length).max().unwrap_or_default() };
        let mut needs: Vec<Need> = self.headers.iter().map(|(title, _)| need(title)).collect();
        for row in self.tables.iter().flatten() {
            for (most, cell) in needs.iter_mut().zip(row) {
                let own = need(cell);
                *most = Need { line: most.line.max(own.line), word: most.word.max(own.word) };
            }
        }
        needs
    }
}

/// The widths of columns so that together they take at most `width`: the widest gives way first, down
/// to its longest word; then, if it must be, words are broken.
fn fit(needs: &[Need], width: Option<u16>) -> Vec<u16> {
    let mut widths: Vec<u16> = needs.iter().map(|need| need.line).collect();
    let Some(width) = width else { return widths };
    let gutters = u16::try_from(widths.len().saturating_sub(1)).unwrap_or(u16::MAX).saturating_mul(GUTTER);
    let room = u32::from(width.saturating_sub(gutters));
    let floors: [Vec<u16>; 2] = [needs.iter().map(|need| need.word).collect(), vec![NARROWEST; needs.len()]];
    for floor in floors {
        while widths.iter().map(|width| u32::from(*width)).sum::<u32>() > room {
            let widest = widths
                .iter_mut()
                .zip(&floor)
                .filter(|(width, floor)| **width > **floor)
                .max_by_key(|(width, _)| **width);
            match widest {
                Some((width, _)) => *width = width.saturating_sub(1),
                None => break,
            }
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let mut grid = Grid::default();
        grid.text("Territoire").number("Score").text("Remarques");
        let row = |name: &str, score: &str, remark: &str| vec![name.to_owned(), score.to_owned(), remark.to_owned()];
        grid.table([row("Saint-Rémy-en-Bouzemont", "57,0", "une remarque assez longue pour passer à la ligne")]);
        grid.table([row("Menton", "–", "")]);
        grid
    }

    #[test]
    fn tables_fit_the_width_and_break_no_word() {
        for width in [44, 60, 90] {
            let tables = grid().lines(Some(width));
            let lines: Vec<&str> = tables.iter().flat_map(|table| table.lines()).collect();
            assert!(lines.iter().all(|line| line.chars().count() <= width.into()), "{tables:?}");
            assert!(tables.concat().contains("Saint-Rémy-en-Bouzemont"), "{tables:?}");
        }
        assert!(grid().fits(Some(44)) && !grid().fits(Some(38)) && grid().fits(None));
        // Too narrow for words: they are broken, and nothing is lost.
        let narrow = grid().lines(Some(30)).join("\n");
        assert!(narrow.lines().all(|line| line.chars().count() <= 30), "{narrow}");
    }

    #[test]
    fn columns_of_all_tables_are_aligned() {
        let tables = grid().lines(None);
        let place = |table: &str, text: &str| {
            table.lines().find_map(|line| line.find(text).map(|at| line[..at].chars().count()))
        };
        assert_eq!(tables[0].lines().next(), tables[1].lines().next());
        assert_eq!(place(&tables[0], "Score"), place(&tables[1], "Score"));
        assert_eq!(tables[1].lines().last().unwrap().trim_start(), "Menton                       –");
    }

    #[test]
    fn a_column_can_be_taken_away() {
        let mut grid = grid();
        grid.remove(1);
        assert!(!grid.lines(None).concat().contains("57,0"));
    }

    #[test]
    fn cells_cannot_drive_a_terminal() {
        let mut grid = Grid::default();
        grid.text("a\u{1b}[2J");
        grid.table([vec!["b\nc\t\u{7}".to_owned()]]);
        let text = grid.lines(None).concat();
        assert!(!text.contains(['\u{1b}', '\t', '\u{7}']) && text.lines().count() == 3, "{text}");
    }
}
