//! Weights that differ from territory to territory, as tables for people.

use super::model::{Document, Index, Range, Weight, WeightTable};
use crate::exact::Decimal;

/// A table of weights: a row for each case, a column for each child of an index that tells these cases apart.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightsByCase<'a> {
    /// The children, by their places in [`Index::of`].
    pub children: Vec<usize>,
    /// The cases, with the weight of each of the children.
    pub rows: Vec<(WeightCase<'a>, Vec<Decimal>)>,
}

/// The territories of which a row of weights holds.
#[derive(Debug, Clone, PartialEq)]
pub enum WeightCase<'a> {
    /// Those of a structure type, by its id.
    StructureType(&'a str),
    /// Those of a stratum, by its id.
    Stratum(&'a str),
    /// Those with so many inhabitants.
    Population(Range),
    /// All others.
    Otherwise,
}

impl Document {
    /// The weights of the children of an index that are not the same for every territory: a table for those by
    /// structure type, one for those by stratum, and one for each list of bands of population. The last row of each
    /// is that of territories that no other row names; strata are in the document's order.
    pub fn weights_by_case<'a>(&'a self, index: &'a Index) -> Vec<WeightsByCase<'a>> {
        let mut tables: Vec<(Vec<WeightCase<'a>>, Vec<usize>)> = Vec::new();
        for (place, child) in index.of.iter().enumerate() {
            let Weight::Table(table) = &child.weight else { continue };
            let mut cases = cases(table);
            let same = tables.iter_mut().find(|(known, _)| match (known.first(), cases.first()) {
                (Some(WeightCase::Population(_)), _) => *known == cases,
                (Some(a), Some(b)) => std::mem::discriminant(a) == std::mem::discriminant(b),
                _ => false,
            });
            match same {
                Some((known, children)) => {
                    cases.retain(|case| !known.contains(case));
                    known.append(&mut cases);
                    children.push(place);
                }
                None => tables.push((cases, vec![place])),
            }
        }
        let stratum = |id: &str| self.strata.iter().position(|stratum| stratum.id == id);
        let weight = |place: &usize, case: &WeightCase<'_>| match &index.of.get(*place)?.weight {
            Weight::Fixed(weight) => Some(*weight),
            Weight::Table(table) => Some(table.weight(case)),
        };
        tables
            .into_iter()
            .map(|(mut cases, children)| {
                cases.sort_by_key(|case| match case {
                    WeightCase::Stratum(id) => stratum(id),
                    _ => None,
                });
                cases.push(WeightCase::Otherwise);
                let weights = |case: &WeightCase<'_>| children.iter().filter_map(|place| weight(place, case)).collect();
                let rows = cases.into_iter().map(|case| (case.clone(), weights(&case))).collect();
                WeightsByCase { children, rows }
            })
            .collect()
    }
}

/// The cases that a table names.
fn cases(table: &WeightTable) -> Vec<WeightCase<'_>> {
    let types = table.by_structure_type.iter().flatten().map(|(id, _)| WeightCase::StructureType(id));
    let strata = table.by_stratum.iter().flatten().map(|(id, _)| WeightCase::Stratum(id));
    let bands = table.by_population.iter().flatten();
    let bands = bands.map(|band| WeightCase::Population(Range { from: band.from, below: band.below }));
    types.chain(strata).chain(bands).collect()
}

impl WeightTable {
    /// The weight in a case.
    fn weight(&self, case: &WeightCase<'_>) -> Decimal {
        let found = match case {
            WeightCase::StructureType(id) => self.by_structure_type.as_ref().and_then(|table| table.get(*id)).copied(),
            WeightCase::Stratum(id) => self.by_stratum.as_ref().and_then(|table| table.get(*id)).copied(),
            WeightCase::Population(range) => {
                let mut bands = self.by_population.iter().flatten();
                bands.find(|band| (band.from, band.below) == (range.from, range.below)).map(|band| band.weight)
            }
            WeightCase::Otherwise => None,
        };
        found.unwrap_or(self.default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methodology::catalogue;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    /// An index of the catalogue whose first children have other weights.
    fn with_weights(weights: &[&str]) -> (Document, Index) {
        let document = catalogue::facebook_2026_11().document().clone();
        let mut index = document.index.clone();
        for (child, weight) in index.of.iter_mut().zip(weights) {
            let json = crate::document::Json::parse(weight.as_bytes(), 1 << 10).unwrap();
            let mut faults = crate::error::Faults::new();
            child.weight =
                crate::document::record::FromJson::from_json(&json, &crate::document::record::At::ROOT, &mut faults)
                    .unwrap();
            assert!(faults.is_empty());
        }
        index.of.truncate(weights.len());
        (document, index)
    }

    #[test]
    fn children_that_tell_the_same_cases_apart_share_a_table() {
        let (document, index) = with_weights(&[
            r#"{"default": 1, "by_stratum": {"regions": 2, "villages": 3}}"#,
            "4",
            r#"{"default": 5, "by_structure_type": {"sdis": 6}}"#,
            r#"{"default": 7, "by_stratum": {"departements": 8, "villages": 9}}"#,
        ]);
        let [strata, types] = document.weights_by_case(&index).try_into().unwrap();
        assert_eq!(strata.children, [0, 3]);
        let row = |case, weights: [&str; 2]| (case, weights.map(number).to_vec());
        assert_eq!(
            strata.rows,
            [
                row(WeightCase::Stratum("villages"), ["3", "9"]),
                row(WeightCase::Stratum("departements"), ["1", "8"]),
                row(WeightCase::Stratum("regions"), ["2", "7"]),
                row(WeightCase::Otherwise, ["1", "7"]),
            ]
        );
        assert_eq!(types.children, [2]);
        assert_eq!(
            types.rows,
            [(WeightCase::StructureType("sdis"), vec![number("6")]), (WeightCase::Otherwise, vec![number("5")])]
        );
    }

    #[test]
    fn bands_of_population_share_a_table_where_they_are_the_same() {
        let bands = |first: u8, second: u8, end: u16| {
            format!(
                r#"{{"default": 0, "by_population": [{{"below": {end}, "weight": {first}}}, {{"from": {end}, "weight": {second}}}]}}"#
            )
        };
        let (document, index) = with_weights(&[&bands(1, 2, 100), &bands(3, 4, 200), &bands(5, 6, 100)]);
        let [hundred, two_hundred] = document.weights_by_case(&index).try_into().unwrap();
        assert_eq!((hundred.children, two_hundred.children), (vec![0, 2], vec![1]));
        let below = WeightCase::Population(Range { from: None, below: Some(number("100")) });
        assert_eq!(hundred.rows.first(), Some(&(below, vec![number("1"), number("5")])));
        assert_eq!(hundred.rows.last(), Some(&(WeightCase::Otherwise, vec![number("0"); 2])));
        assert_eq!(two_hundred.rows.len(), 3);
    }

    #[test]
    fn weights_of_everybody_need_no_table() {
        let (document, index) = with_weights(&["1", "2"]);
        assert!(document.weights_by_case(&index).is_empty());
    }
}
