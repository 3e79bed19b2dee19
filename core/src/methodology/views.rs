//! What people ask a ranking by: a view and a group, by their names.

use super::Methodology;
use super::model::{View, Within};
use crate::error::{Code, Fault, Faults, Language, Place, Text};

impl Methodology {
    /// The view that a name means: its id or, whatever the case, one of its labels; the first one without
    /// a name.
    ///
    /// # Errors
    /// `unknown_view`, with those that there are.
    pub fn view(&self, name: Option<&str>) -> Result<&View, Faults> {
        let views = &self.document().views;
        let found = match name {
            None => views.first(),
            Some(name) => views.iter().find(|view| view.id == name).or_else(|| {
                let name = name.trim().to_lowercase();
                views.iter().find(|view| view.label.all().values().any(|label| label.to_lowercase() == name))
            }),
        };
        found.ok_or_else(|| unknown_view(self, name.unwrap_or_default()).into())
    }

    /// The group that a name means, as [`Within::from_name`] reads it; the first one that the methodology
    /// ranks within without a name.
    ///
    /// # Errors
    /// `unknown_value`, with the words that there are.
    pub fn within(&self, name: Option<&str>) -> Result<Within, Faults> {
        let Some(name) = name else {
            return Ok(self.document().ranking.within.first().cloned().unwrap_or_default());
        };
        Within::from_name(name).ok_or_else(|| {
            let expected = Text::new(
                "cohort, ou l'un de stratum, structure_type, department, region, ou plusieurs joints par +",
                "cohort, or one of stratum, structure_type, department, region, or several joined by +",
            );
            Fault::new(Code::UnknownValue, Place::Pointer(String::new()), name, expected).into()
        })
    }
}

pub(crate) fn unknown_view(methodology: &Methodology, name: &str) -> Fault {
    let list = |language: Language| {
        let views = methodology.document().views.iter();
        views.map(|view| format!("{} ({})", view.id, view.label.get(language))).collect::<Vec<_>>().join(", ")
    };
    let expected =
        Text::new(format!("l'un de : {}", list(Language::French)), format!("one of: {}", list(Language::English)));
    Fault::new(Code::UnknownView, Place::Pointer(String::new()), name, expected)
}
