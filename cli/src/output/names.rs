//! What regions and departments are called: as the cohort's own regions and departments are.

use std::collections::BTreeMap;

use bareme::Cohort;
use bareme::methodology::model::Dimension;

/// The names of regions and departments, by code.
#[derive(Debug, Default)]
pub(crate) struct Names {
    regions: BTreeMap<String, String>,
    departments: BTreeMap<String, String>,
}

impl Names {
    /// Those of a cohort that holds the regions and departments themselves.
    pub(crate) fn of(cohort: &Cohort) -> Self {
        let mut names = Self::default();
        for (place, name) in cohort.names().iter().enumerate() {
            let (kind, code) = match cohort.structure_type(place) {
                Some("region") => (&mut names.regions, cohort.region(place)),
                Some("departement") => (&mut names.departments, cohort.department(place)),
                _ => continue,
            };
            if let Some(code) = code {
                kind.entry(code.to_owned()).or_insert_with(|| name.clone());
            }
        }
        names
    }

    /// The names by code, in a dimension that has codes.
    pub(crate) fn all(&self, dimension: Dimension) -> &BTreeMap<String, String> {
        match dimension {
            Dimension::Department => &self.departments,
            _ => &self.regions,
        }
    }

    /// The name of a code, if it has one, else the code.
    pub(crate) fn short<'a>(&'a self, dimension: Dimension, code: &'a str) -> &'a str {
        self.all(dimension).get(code).map_or(code, String::as_str)
    }

    /// A code with its name, if it has one.
    pub(crate) fn label(&self, dimension: Dimension, code: &str) -> String {
        match self.all(dimension).get(code) {
            Some(name) => format!("{name} ({code})"),
            None => code.to_owned(),
        }
    }
}
