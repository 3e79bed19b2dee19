//! Which territories are shown. Scores and ranks are those of the whole cohort, whatever is shown.

use bareme::Scoring;
use bareme::cohort::same_name;
use bareme::document::Texts;
use bareme::error::{Code, Fault, Language, Place, Text};
use bareme::methodology::model::Dimension;
use bareme::scoring::Ranks;

use super::listing::Group;
use super::names::Names;
use crate::arguments::Score;
use crate::failure::Failure;
use crate::words::pick;

/// What is shown of a scoring.
#[derive(Debug)]
pub(crate) struct Selection {
    /// By place in the cohort; `None` shows all.
    shown: Option<Vec<bool>>,
    one: Option<usize>,
    top: Option<u32>,
}

impl Selection {
    /// Is anything chosen?
    pub(crate) fn is_asked(arguments: &Score) -> bool {
        arguments.top.is_some()
            || [
                &arguments.territory,
                &arguments.region,
                &arguments.department,
                &arguments.structure_type,
                &arguments.stratum,
            ]
            .into_iter()
            .any(Option::is_some)
    }

    /// What the arguments choose, every fault of theirs at once.
    pub(crate) fn new(arguments: &Score, scoring: &Scoring, names: &Names) -> Result<Self, Failure> {
        let cohort = scoring.cohort();
        let rules = scoring.methodology().document();
        let mut faults = Vec::new();
        let mut pick = |argument: &str, asked: &Option<String>, known: Vec<Known>| {
            let asked = asked.as_ref()?;
            let found = known
                .iter()
                .find(|known| known.id == asked.trim())
                .or_else(|| known.iter().find(|known| known.labels.iter().any(|label| same_name(label, asked))));
            if found.is_none() {
                faults.push((argument.to_owned(), unknown(asked, &known).into()));
            }
            found.map(|known| known.id.clone())
        };
        let codes = |dimension: Dimension| {
            let of = |place| match dimension {
                Dimension::Department => cohort.department(place),
                _ => cohort.region(place),
            };
            let mut codes: Vec<&str> = (0..cohort.len()).filter_map(of).collect();
            codes.sort_unstable();
            codes.dedup();
            let name = |code: &str| names.all(dimension).get(code).cloned();
            codes.into_iter().map(|code| Known::named(code, name(code))).collect()
        };
        let region = pick("--region", &arguments.region, codes(Dimension::Region));
        let department = pick("--department", &arguments.department, codes(Dimension::Department));
        let types = rules.structure_types.iter().map(|(id, named)| Known::labelled(id, &named.label)).collect();
        let structure_type = pick("--structure-type", &arguments.structure_type, types);
        let strata = rules.strata.iter().map(|stratum| Known::labelled(&stratum.id, &stratum.label)).collect();
        let stratum = pick("--stratum", &arguments.stratum, strata);
        if !faults.is_empty() {
            return Err(Failure::Faults(faults));
        }
        let agrees = |wanted: &Option<String>, found: Option<&str>| wanted.is_none() || wanted.as_deref() == found;
        let mut shown: Vec<bool> = (0..cohort.len())
            .map(|place| {
                agrees(&region, cohort.region(place))
                    && agrees(&department, cohort.department(place))
                    && agrees(&structure_type, cohort.structure_type(place))
                    && agrees(&stratum, scoring.stratum(place))
            })
            .collect();
        let mut one = None;
        if let Some(asked) = &arguments.territory {
            let found = cohort.find(asked, |place| shown.get(place) == Some(&true));
            let found = found.map_err(|fault| Failure::of("--territory", fault))?;
            shown = (0..cohort.len()).map(|place| place == found).collect();
            one = Some(found);
        }
        let count = shown.iter().filter(|shown| **shown).count();
        if count == 0 {
            return Err(Failure::plain(
                "aucun territoire de la cohorte ne répond à la fois à tout ce qui est demandé",
                "no territory of the cohort answers all that is asked at once",
            ));
        }
        let all = count == shown.len() && one.is_none();
        Ok(Self { shown: (!all).then_some(shown), one, top: arguments.top })
    }

    /// The one territory that is asked for.
    pub(crate) fn one(&self) -> Option<usize> {
        self.one
    }

    /// What is shown of a group; nothing when none of its territories is.
    pub(crate) fn shown(&self, mut group: Group, ranks: &Ranks) -> Option<Group> {
        if let Some(shown) = &self.shown {
            group.territories.retain(|place| shown.get(*place) == Some(&true));
        }
        if let Some(top) = self.top {
            let ranked = |place: &usize| ranks.get(*place).map(|rank| rank.place);
            let last = group.territories.iter().filter_map(ranked).nth(top.saturating_sub(1) as usize);
            group.territories.retain(|place| ranked(place).is_some_and(|rank| last.is_none_or(|last| rank <= last)));
        }
        (!group.territories.is_empty()).then_some(group)
    }

    /// Says that not everything is shown.
    pub(crate) fn words(&self, language: Language) -> Option<String> {
        (self.shown.is_some() || self.top.is_some()).then(|| {
            let text = pick(
                language,
                "Extrait : les rangs sont ceux de toute la cohorte",
                "An extract: ranks are those of the whole cohort",
            );
            match (self.top, language) {
                (Some(top), Language::French) => format!("{text} ; au plus {top} par groupe, et leurs ex æquo."),
                (Some(top), Language::English) => format!("{text}; at most {top} of each group, and their ties."),
                (None, _) => format!("{text}."),
            }
        })
    }
}

/// A value that may be asked for, by its id or by one of its labels.
struct Known {
    id: String,
    labels: Vec<String>,
    shown: Text,
}

impl Known {
    fn named(code: &str, name: Option<String>) -> Self {
        let shown = name.as_ref().map_or_else(|| code.to_owned(), |name| format!("{code} ({name})"));
        Self { id: code.to_owned(), labels: name.into_iter().collect(), shown: Text::new(shown.clone(), shown) }
    }

    fn labelled(id: &str, label: &Texts) -> Self {
        let shown = |language| format!("{id} ({})", label.get(language));
        Self {
            id: id.to_owned(),
            labels: label.all().values().cloned().collect(),
            shown: Text::new(shown(Language::French), shown(Language::English)),
        }
    }
}

fn unknown(asked: &str, known: &[Known]) -> Fault {
    let list = |language| known.iter().map(|known| known.shown.get(language)).collect::<Vec<_>>().join(", ");
    let expected = if known.is_empty() {
        Text::new("une cohorte qui en indique", "a cohort that gives some")
    } else {
        Text::new(format!("l'un de : {}", list(Language::French)), format!("one of: {}", list(Language::English)))
    };
    Fault::new(Code::UnknownValue, Place::Pointer(String::new()), asked, expected)
}
