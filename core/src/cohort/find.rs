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

/// What a territory is told by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) structure_type: &'a str,
    pub(crate) department: Option<&'a str>,
}

impl Cohort {
    /// The place of the territory that has this id or, whatever the case, accents, spaces and hyphens,
    /// this name; of those that `among` admits.
    ///
    /// # Errors
    /// `ambiguous_territory` with the territories that share the name; `territory_not_found` with those
    /// whose name or id is near.
    pub fn find(&self, asked: &str, among: impl Fn(usize) -> bool) -> Result<usize, Faults> {
        let known = (0..self.len()).filter(|territory| among(*territory)).map(|territory| {
            let known = Known {
                id: self.ids().get(territory).map(String::as_str).unwrap_or_default(),
                name: self.names().get(territory).map(String::as_str).unwrap_or_default(),
                structure_type: self.structure_type(territory).unwrap_or_default(),
                department: self.department(territory),
            };
            (territory, known)
        });
        find(asked, &known.collect::<Vec<_>>())
    }
}

/// The one of some territories that has this id or this name.
///
/// # Errors
/// `ambiguous_territory`, `territory_not_found`.
pub(crate) fn find(asked: &str, among: &[(usize, Known<'_>)]) -> Result<usize, Faults> {
    let asked = asked.trim();
    if let Some((found, _)) = among.iter().find(|(_, known)| known.id == asked) {
        return Ok(*found);
    }
    let wanted = fold(asked);
    let folded: Vec<(String, &(usize, Known<'_>))> = among.iter().map(|known| (fold(known.1.name), known)).collect();
    let named: Vec<&(usize, Known<'_>)> =
        folded.iter().filter(|(name, _)| *name == wanted).map(|(_, known)| *known).collect();
    match named.as_slice() {
        [one] => return Ok(one.0),
        [] => {}
        several => {
            let list = list(several);
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
    let mut near: Vec<(usize, &(usize, Known<'_>))> = folded
        .iter()
        .filter_map(|(name, known)| {
            let distance = edit_distance(&wanted, name);
            let alike =
                distance <= 2 || (wanted.len() > 3 && name.contains(&wanted)) || edit_distance(asked, known.1.id) <= 1;
            alike.then_some((distance, *known))
        })
        .collect();
    near.sort_by_key(|(distance, known)| (*distance, known.1.id));
    let near: Vec<&(usize, Known<'_>)> = near.into_iter().map(|(_, known)| known).collect();
    let expected = Text::new("l'identifiant ou le nom d'un territoire", "the id or the name of a territory");
    let fault = Fault::new(Code::TerritoryNotFound, Place::Pointer(String::new()), asked, expected);
    if near.is_empty() {
        return Err(fault.into());
    }
    let list = list(&near);
    Err(fault.advise(format!("vouliez-vous : {list} ?"), format!("did you mean: {list}?")).into())
}

/// Territories as a fault names them.
fn list(territories: &[&(usize, Known<'_>)]) -> String {
    let name = |(_, known): &&(usize, Known<'_>)| {
        let department = known.department.map(|code| format!(", {code}")).unwrap_or_default();
        format!("{} ({}, {}{department})", known.id, known.name, known.structure_type)
    };
    let mut list = territories.iter().take(NAMED).map(name).collect::<Vec<_>>().join(", ");
    if territories.len() > NAMED {
        list.push_str(", …");
    }
    list
}
