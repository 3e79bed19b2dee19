//! Columns of numbers under their names.

use smallvec::SmallVec;
use smol_str::SmolStr;

/// Numbers, NaN where unknown. A single one needs no memory of its own, since one territory is often scored alone.
pub(crate) type NumberColumn = SmallVec<[f64; 1]>;

/// Columns of numbers, each under a name of its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Named {
    /// In the order of the names. Short ones need no memory of their own either.
    columns: Vec<(SmolStr, NumberColumn)>,
}

/// Where the next column is looked for first: names are mostly asked for in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cursor(usize);

impl Named {
    pub(crate) fn len(&self) -> usize {
        self.columns.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The column of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&[f64]> {
        self.get_next(name, &mut Cursor::default())
    }

    /// The same, looked for at the cursor first.
    pub(crate) fn get_next(&self, name: &str, cursor: &mut Cursor) -> Option<&[f64]> {
        let place = self.place(name, cursor).ok()?;
        self.columns.get(place).map(|(_, column)| column.as_slice())
    }

    /// The same, to change it.
    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut NumberColumn> {
        self.columns.get_mut(place).map(|(_, column)| column)
    }

    /// The place of a name; if there is none of that name, the one where [`Self::insert`] has to put it.
    pub(super) fn place(&self, name: &str, cursor: &mut Cursor) -> Result<usize, usize> {
        let last = || self.columns.last().map(|(last, _)| last.as_str());
        let found = match self.columns.get(cursor.0) {
            Some((next, _)) if next == name => Ok(cursor.0),
            None if last().is_none_or(|last| last < name) => Err(self.columns.len()),
            _ => self.columns.binary_search_by(|(known, _)| known.as_str().cmp(name)),
        };
        let (Ok(place) | Err(place)) = found;
        cursor.0 = place.saturating_add(1);
        found
    }

    /// Puts an empty column under a name that has none, at its [`Self::place`].
    pub(super) fn insert(&mut self, place: usize, name: &str) -> Option<&mut NumberColumn> {
        if place <= self.columns.len() {
            self.columns.insert(place, (SmolStr::new(name), NumberColumn::new()));
        }
        self.get_mut(place)
    }

    /// Makes room for so many columns more.
    pub(super) fn reserve(&mut self, more: usize) {
        self.columns.reserve(more);
    }

    /// The column of a name, to change it; a new one if there is none.
    pub(super) fn entry(&mut self, name: &str) -> Option<&mut NumberColumn> {
        match self.place(name, &mut Cursor::default()) {
            Ok(place) => self.get_mut(place),
            Err(place) => self.insert(place, name),
        }
    }

    /// The columns with their names, in the order of these.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[f64])> {
        self.columns.iter().map(|(name, column)| (name.as_str(), column.as_slice()))
    }

    pub(super) fn columns_mut(&mut self) -> impl Iterator<Item = &mut NumberColumn> {
        self.columns.iter_mut().map(|(_, column)| column)
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&str, &[f64]) -> bool) {
        self.columns.retain(|(name, column)| keep(name, column));
    }

    /// The same names with other columns.
    pub(super) fn map(&self, mut column: impl FnMut(&str, &[f64]) -> NumberColumn) -> Self {
        Self { columns: self.columns.iter().map(|(name, own)| (name.clone(), column(name, own))).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that stand in a `Named` after these were put there in this order.
    fn put(order: &[&str]) -> (Named, Vec<String>) {
        let (mut named, mut cursor) = (Named::default(), Cursor::default());
        for (row, name) in order.iter().enumerate() {
            let place = named.place(name, &mut cursor);
            let column = match place {
                Ok(place) => named.get_mut(place).unwrap(),
                Err(place) => named.insert(place, name).unwrap(),
            };
            column.push(row as f64);
        }
        let order = named.iter().map(|(name, _)| name.to_owned()).collect();
        (named, order)
    }

    #[test]
    fn names_stand_in_their_order_each_once() {
        for names in [&["a", "b", "c"], &["c", "b", "a"], &["b", "c", "a"], &["b", "a", "c"]] {
            let (named, order) = put(names);
            assert_eq!(order, ["a", "b", "c"]);
            for (row, name) in names.iter().enumerate() {
                assert_eq!(named.get(name), Some([row as f64].as_slice()));
            }
        }
        let (named, order) = put(&["b", "a", "b", "", "b"]);
        assert_eq!((order.as_slice(), named.len()), ([String::new(), "a".into(), "b".into()].as_slice(), 3));
        assert_eq!(named.get("b"), Some([0.0, 2.0, 4.0].as_slice()));
        assert!(!named.contains("c") && Named::default().is_empty());
    }

    #[test]
    fn a_cursor_only_says_where_to_look_first() {
        let (named, _) = put(&["a", "b", "c", "d"]);
        for start in 0..6 {
            for name in ["a", "d", "b", "0", "bb", "e", "c"] {
                let mut cursor = Cursor(start);
                assert_eq!(named.get_next(name, &mut cursor), named.get(name), "{name} from {start}");
            }
        }
    }

    #[test]
    fn columns_change_and_go() {
        let (mut named, _) = put(&["a", "b"]);
        named.columns_mut().for_each(|column| column.push(7.0));
        let doubled = named.map(|_, column| column.iter().map(|value| value * 2.0).collect());
        assert_eq!(doubled.get("b"), Some([2.0, 14.0].as_slice()));
        named.retain(|name, column| name == "b" && column.len() == 2);
        assert_eq!(named.iter().collect::<Vec<_>>(), [("b", [1.0, 7.0].as_slice())]);
    }
}
