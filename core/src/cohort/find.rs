//! A territory by its id or its name, as people write them.

use super::Cohort;
use super::headers::fold;
use crate::document::record::edit_distance;
use crate::error::{Code, Fault, Faults, Place, Text};

/// How many territories a fault names at most.
const NAMED: usize = 8;

/// Are two names the same, whatever the case, accents, spaces, hyphens and apostrophes?
pub fn same_name(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

impl Cohort {
    /// The place of the territory that has this id or, whatever the case, accents, spaces and hyphens,
    /// this name; of those that `among` admits.
    ///
    /// # Errors
    /// `ambiguous_territory` with the territories that share the name; `territory_not_found` with those
    /// whose name is near.
    pub fn find(&self, asked: &str, among: impl Fn(usize) -> bool) -> Result<usize, Faults> {
        let asked = asked.trim();
        let admitted = |territory: &usize| among(*territory);
        let all = || (0..self.len()).filter(admitted);
        if let Some(found) = all().find(|territory| self.ids().get(*territory).is_some_and(|id| id == asked)) {
            return Ok(found);
        }
        let wanted = fold(asked);
        let folded = |territory: usize| self.names().get(territory).map(|name| fold(name)).unwrap_or_default();
        let named: Vec<usize> = all().filter(|territory| folded(*territory) == wanted).collect();
        match named.as_slice() {
            [one] => return Ok(*one),
            [] => {}
            several => {
                let list = self.list(several);
                return Err(Fault::new(
                    Code::AmbiguousTerritory,
                    Place::Pointer(String::new()),
                    asked,
                    Text::new(format!("l'un de : {list}"), format!("one of: {list}")),
                )
                .advise("donnez son identifiant", "give its id")
                .into());
            }
        }
        let mut near: Vec<(usize, usize)> = all()
            .filter_map(|territory| {
                let name = folded(territory);
                let distance = edit_distance(&wanted, &name);
                let alike = distance <= 2 || (wanted.len() > 3 && name.contains(&wanted));
                alike.then_some((distance, territory))
            })
            .collect();
        near.sort_by_key(|(distance, territory)| (*distance, self.ids().get(*territory)));
        let near: Vec<usize> = near.into_iter().map(|(_, territory)| territory).collect();
        let expected = Text::new("l'identifiant ou le nom d'un territoire", "the id or the name of a territory");
        let fault = Fault::new(Code::TerritoryNotFound, Place::Pointer(String::new()), asked, expected);
        if near.is_empty() {
            return Err(fault.into());
        }
        let list = self.list(&near);
        Err(fault.advise(format!("vouliez-vous : {list} ?"), format!("did you mean: {list}?")).into())
    }

    /// Territories as a fault names them.
    fn list(&self, territories: &[usize]) -> String {
        let name = |territory: &usize| {
            let name = self.names().get(*territory).map(String::as_str).unwrap_or_default();
            let id = self.ids().get(*territory).map(String::as_str).unwrap_or_default();
            let kind = self.structure_type(*territory).unwrap_or_default();
            let department = self.department(*territory).map(|code| format!(", {code}")).unwrap_or_default();
            format!("{id} ({name}, {kind}{department})")
        };
        let mut list = territories.iter().take(NAMED).map(name).collect::<Vec<_>>().join(", ");
        if territories.len() > NAMED {
            list.push_str(", …");
        }
        list
    }
}
