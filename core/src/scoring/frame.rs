//! Results as columns, for data frames: the same names in the same order in every language.
//!
//! Which columns there are depends on the methodology alone and never on a value, so that the frames of
//! two months fit one below the other. Every row says the status and the digest of its method.

use std::collections::HashMap;

use super::result::Cell;
use super::{Flag, Scoring, ScoringDocument, TerritoryScore};
use crate::cohort::{Cohort, NONE};
use crate::error::Faults;
use crate::methodology::model::{Dimension, Key, View, Within};
use crate::methodology::{ChildNode, Methodology, unknown_view};

/// Columns of equal length.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The columns.
    pub columns: Vec<Series>,
    /// The number of rows.
    pub rows: usize,
}

/// A column of a [`Frame`].
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Entries,
}

/// The values of a [`Series`].
#[derive(Debug, Clone, PartialEq)]
pub enum Entries {
    /// Texts.
    Text(Strings),
    /// Texts of which few differ.
    Coded {
        /// The texts.
        texts: Vec<String>,
        /// The place of each row's text; [`Entries::NO_TEXT`] where there is none.
        codes: Vec<u32>,
    },
    /// Numbers, NaN where there is none.
    Number(Vec<f64>),
    /// Places and sizes.
    Whole(Vec<Option<u32>>),
    /// Yes or no.
    Truth(Vec<bool>),
}

impl Entries {
    /// Stands in [`Entries::Coded`] where there is no text.
    pub const NO_TEXT: u32 = u32::MAX;

    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Coded { codes, .. } => codes.len(),
            Self::Number(numbers) => numbers.len(),
            Self::Whole(wholes) => wholes.len(),
            Self::Truth(truths) => truths.len(),
        }
    }

    /// Is there no row?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Texts one after the other, as columnar formats hold them.
#[derive(Debug, Clone, PartialEq)]
pub struct Strings {
    text: String,
    ends: Vec<i64>,
    given: Vec<bool>,
}

impl Default for Strings {
    fn default() -> Self {
        Self { text: String::new(), ends: vec![0], given: Vec::new() }
    }
}

impl Strings {
    fn push(&mut self, text: Option<&str>) {
        self.text.push_str(text.unwrap_or_default());
        self.ends.push(i64::try_from(self.text.len()).unwrap_or(i64::MAX));
        self.given.push(text.is_some());
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.given.len()
    }

    /// Is there no row?
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// All texts, one after the other.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where each text begins in [`Self::text`], in bytes, and where the last one ends: one more than rows.
    pub fn offsets(&self) -> &[i64] {
        &self.ends
    }

    /// Of each row: is there a text?
    pub fn given(&self) -> &[bool] {
        &self.given
    }

    /// [`Self::text`], [`Self::offsets`] and [`Self::given`], without copying.
    pub fn into_parts(self) -> (String, Vec<i64>, Vec<bool>) {
        (self.text, self.ends, self.given)
    }

    /// The text of a row, if there is one.
    pub fn get(&self, row: usize) -> Option<&str> {
        let end = |place: usize| usize::try_from(*self.ends.get(place)?).ok();
        self.given.get(row).filter(|given| **given)?;
        self.text.get(end(row)?..end(row.checked_add(1)?)?)
    }
}

/// A frame while it is filled, row by row.
#[derive(Default)]
struct Filling {
    columns: Vec<Series>,
    /// The column of the next value of this row.
    next: usize,
}

impl Filling {
    fn column(&mut self, name: impl Into<String>, values: Entries) {
        self.columns.push(Series { name: name.into(), values });
    }

    fn texts<const N: usize>(&mut self, names: [&str; N]) {
        for name in names {
            self.column(name, Entries::Text(Strings::default()));
        }
    }

    fn coded(&mut self, name: &str, texts: impl IntoIterator<Item = impl Into<String>>) {
        let texts = texts.into_iter().map(Into::into).collect();
        self.column(name, Entries::Coded { texts, codes: Vec::new() });
    }

    fn number(&mut self, name: impl Into<String>) {
        self.column(name, Entries::Number(Vec::new()));
    }

    fn whole(&mut self, name: impl Into<String>) {
        self.column(name, Entries::Whole(Vec::new()));
    }

    fn truth(&mut self, name: &str) {
        self.column(name, Entries::Truth(Vec::new()));
    }

    /// What every row says of its method.
    fn method(&mut self, methodology: &Methodology) {
        self.truth("synthetic");
        self.coded("methodology", [methodology.id()]);
        self.coded("version", [methodology.version()]);
        self.coded("status", [methodology.status().as_str()]);
        self.coded("method_sha256", [methodology.method_digest().to_string()]);
    }

    fn end_row(&mut self, synthetic: bool) {
        self.push_truth(synthetic).push_code(0).push_code(0).push_code(0).push_code(0);
        self.next = 0;
    }

    fn values(&mut self) -> Option<&mut Entries> {
        let place = self.next;
        self.next = place.saturating_add(1);
        self.columns.get_mut(place).map(|series| &mut series.values)
    }

    fn push_text(&mut self, text: Option<&str>) -> &mut Self {
        if let Some(Entries::Text(texts)) = self.values() {
            texts.push(text);
        }
        self
    }

    fn push_code(&mut self, code: u32) -> &mut Self {
        if let Some(Entries::Coded { codes, .. }) = self.values() {
            codes.push(code);
        }
        self
    }

    fn push_number(&mut self, number: Option<f64>) -> &mut Self {
        if let Some(Entries::Number(numbers)) = self.values() {
            numbers.push(number.unwrap_or(f64::NAN));
        }
        self
    }

    fn push_whole(&mut self, whole: Option<u32>) -> &mut Self {
        if let Some(Entries::Whole(wholes)) = self.values() {
            wholes.push(whole);
        }
        self
    }

    fn push_truth(&mut self, truth: bool) -> &mut Self {
        if let Some(Entries::Truth(truths)) = self.values() {
            truths.push(truth);
        }
        self
    }

    fn frame(self) -> Frame {
        let rows = self.columns.first().map_or(0, |series| series.values.len());
        Frame { columns: self.columns, rows }
    }
}

/// The scores while they are filled, a row for each territory.
struct Scores {
    filling: Filling,
    graded: bool,
}

impl Scores {
    fn new(methodology: &Methodology) -> Self {
        let document = methodology.document();
        let mut filling = Filling::default();
        filling.texts(["territory", "name", "structure_type", "stratum", "department", "region"]);
        for node in methodology.flat().nodes.iter().rev() {
            filling.number(format!("{}.score", node.index.id));
            filling.column(format!("{}.published", node.index.id), Entries::Text(Strings::default()));
        }
        for view in &document.views {
            for within in &document.ranking.within {
                let name = format!("{}.{}", view.id, within.name());
                filling.whole(format!("{name}.rank"));
                filling.whole(format!("{name}.of"));
            }
        }
        let graded = document.publication.grades.is_some();
        if graded {
            filling.texts(["grade"]);
        }
        filling.texts(["flags"]);
        filling.method(methodology);
        Self { filling, graded }
    }

    fn push(&mut self, cohort: &Cohort, place: usize, territory: &TerritoryScore) {
        let filling = &mut self.filling;
        filling
            .push_text(Some(&territory.id))
            .push_text(Some(&territory.name))
            .push_text(Some(&territory.structure_type))
            .push_text(territory.stratum.as_deref())
            .push_text(cohort.department(place))
            .push_text(cohort.region(place));
        for index in &territory.indices {
            filling.push_number(index.score).push_text(index.published.as_deref());
        }
        for rank in &territory.ranks {
            filling.push_whole(rank.rank).push_whole(rank.of);
        }
        if self.graded {
            filling.push_text(territory.grade.as_deref());
        }
        filling.push_text(Some(&flags(&territory.flags)));
        filling.end_row(territory.synthetic);
    }
}

/// The flags of a territory in one text.
fn flags(flags: &[Flag]) -> String {
    flags.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
}

/// Words and their places, for columns of which few differ.
#[derive(Default)]
struct Words {
    texts: Vec<String>,
    codes: HashMap<String, u32>,
}

impl Words {
    fn code(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return Entries::NO_TEXT };
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = u32::try_from(self.texts.len()).unwrap_or(NONE);
        self.texts.push(text.to_owned());
        self.codes.insert(text.to_owned(), code);
        code
    }
}

/// What is the same of a criterion in every row.
struct Criterion {
    network: u32,
    indicator: u32,
    index: u32,
    methodology: u32,
    version: u32,
    status: u32,
    method: u32,
}

/// The criteria while they are filled, a row for each territory and criterion.
struct Indicators {
    filling: Filling,
    words: [Words; 8],
    /// Of the methodology, then of each that it pins.
    criteria: Vec<Criterion>,
}

const STATE: usize = 7;

impl Indicators {
    fn new(methodology: &Methodology) -> Self {
        let mut words: [Words; 8] = Default::default();
        let mut criteria = Vec::new();
        criteria_of(methodology, &mut words, &mut criteria);
        let mut filling = Filling::default();
        let none: [&str; 0] = [];
        filling.texts(["territory"]);
        filling.coded("network", none);
        filling.coded("indicator", none);
        filling.coded("index", none);
        filling.number("raw");
        filling.coded("state", none);
        filling.number("mark");
        filling.number("weight");
        filling.method(methodology);
        Self { filling, words, criteria }
    }

    /// Takes one criterion of one territory.
    fn push(&mut self, place: usize, id: Option<&str>, synthetic: bool, cell: &Cell) {
        let Some(known) = self.criteria.get(place) else { return };
        let state = self.words.get_mut(STATE).map_or(Entries::NO_TEXT, |words| words.code(Some(cell.state)));
        self.filling
            .push_text(id)
            .push_code(known.network)
            .push_code(known.indicator)
            .push_code(known.index)
            .push_number(cell.raw)
            .push_code(state)
            .push_number(cell.mark)
            .push_number(cell.weight)
            .push_truth(synthetic)
            .push_code(known.methodology)
            .push_code(known.version)
            .push_code(known.status)
            .push_code(known.method);
        self.filling.next = 0;
    }

    fn push_part(&mut self, id: &str, territory: &TerritoryScore, place: &mut usize) {
        for score in &territory.criteria {
            let cell = Cell { raw: score.raw, state: score.state, mark: score.mark, weight: score.weight };
            self.push(*place, Some(id), territory.synthetic, &cell);
            *place = place.saturating_add(1);
        }
        for part in &territory.parts {
            self.push_part(id, &part.territory, place);
        }
    }

    fn frame(mut self) -> Frame {
        let [network, indicator, index, methodology, version, status, method, state] = self.words;
        let all = [
            ("network", network),
            ("indicator", indicator),
            ("index", index),
            ("methodology", methodology),
            ("version", version),
            ("status", status),
            ("method_sha256", method),
            ("state", state),
        ];
        for (name, words) in all {
            let column = self.filling.columns.iter_mut().find(|series| series.name == name);
            if let Some(Entries::Coded { texts, .. }) = column.map(|series| &mut series.values) {
                *texts = words.texts;
            }
        }
        self.filling.frame()
    }
}

fn criteria_of(methodology: &Methodology, words: &mut [Words; 8], criteria: &mut Vec<Criterion>) {
    let document = methodology.document();
    let [networks, indicators, indices, ids, versions, statuses, methods, _] = words;
    for (place, criterion) in methodology.criteria().iter().enumerate() {
        let child = ChildNode::Criterion(place);
        let above = methodology.flat().nodes.iter().find(|node| node.children.contains(&child));
        criteria.push(Criterion {
            network: networks.code(criterion.network.as_deref()),
            indicator: indicators.code(document.indicators.get(criterion.indicator).map(|indicator| &*indicator.id)),
            index: indices.code(above.map(|node| &*node.index.id)),
            methodology: ids.code(Some(methodology.id())),
            version: versions.code(Some(methodology.version())),
            status: statuses.code(Some(methodology.status().as_str())),
            method: methods.code(Some(&methodology.method_digest().to_string())),
        });
    }
    methodology.pinned().iter().for_each(|pinned| criteria_of(pinned, words, criteria));
}

impl Scoring {
    /// The scores as columns, a row for each territory in the cohort's order: `territory`, `name`,
    /// `structure_type`, `stratum`, `department`, `region`; of each index, the root first, `‹index›.score`
    /// and `‹index›.published`; of each ranking, `‹view›.‹within›.rank` and `‹view›.‹within›.of`; `grade`
    /// where the methodology gives grades; `flags`; and what every row says of its method: `synthetic`,
    /// `methodology`, `version`, `status`, `method_sha256`.
    pub fn scores_frame(&self) -> Frame {
        let Scores { mut filling, graded } = Scores::new(&self.methodology);
        let ranks = self.all_ranks();
        let decimals = self.decimals();
        self.each_flags(|place, own| {
            filling
                .push_text(self.cohort.ids().get(place).map(String::as_str))
                .push_text(self.cohort.names().get(place).map(String::as_str))
                .push_text(self.cohort.structure_type(place))
                .push_text(self.stratum(place))
                .push_text(self.cohort.department(place))
                .push_text(self.cohort.region(place));
            for node in self.nodes.iter().rev() {
                let published = node.published.get(place).and_then(Option::as_ref);
                filling
                    .push_number(node.scores.get(place).copied())
                    .push_text(published.map(|published| published.text(decimals)).as_deref());
            }
            for (_, _, ranks) in &ranks {
                let rank = ranks.get(place);
                filling.push_whole(rank.map(|rank| rank.place)).push_whole(rank.map(|rank| rank.of));
            }
            if graded {
                filling.push_text(self.grade(place, &ranks).as_deref());
            }
            filling.push_text(Some(&flags(own)));
            filling.end_row(self.cohort.is_synthetic());
        });
        filling.frame()
    }

    /// The criteria as columns, a row for each territory and criterion, those of pinned methodologies
    /// included: `territory`, `network`, `indicator`, `index` (the one directly above), `raw`, `state`,
    /// `mark`, `weight` (in the index above, as applied); and what every row says of its method.
    pub fn indicators_frame(&self) -> Frame {
        let mut indicators = Indicators::new(&self.methodology);
        let mut criterion = (0, 0);
        self.each_criterion(|territory, cell| {
            // Each territory begins again with the first criterion.
            criterion = if criterion.0 == territory { criterion } else { (territory, 0) };
            let id = self.cohort.ids().get(territory).map(String::as_str);
            indicators.push(criterion.1, id, self.cohort.is_synthetic(), cell);
            criterion.1 = criterion.1.saturating_add(1_usize);
        });
        indicators.frame()
    }

    /// One ranking as columns, the best of each group first, groups in the methodology's order and
    /// by code, the unranked last: `rank`, `of`, `territory`, `name`, `structure_type`, `stratum`,
    /// `department`, `region`; `score` and `published`, or `raw` where the view orders by a criterion; and
    /// what every row says of its method.
    ///
    /// # Errors
    /// `unknown_view` for a view that the methodology does not declare.
    pub fn ranking_frame(&self, view: &View, within: &Within) -> Result<Frame, Faults> {
        let Some(ranks) = self.ranks(&view.id, within) else {
            return Err(unknown_view(&self.methodology, &view.id).into());
        };
        let mut filling = Filling::default();
        filling.whole("rank");
        filling.whole("of");
        filling.texts(["territory", "name", "structure_type", "stratum", "department", "region"]);
        let index = view.by.index.as_deref();
        filling.number(if index.is_some() { "score" } else { "raw" });
        if index.is_some() {
            filling.texts(["published"]);
        }
        filling.method(&self.methodology);
        let values = match index {
            Some(index) => self.scores(index).unwrap_or_default().to_vec(),
            None => criterion(&self.methodology, &view.by).map(|place| self.raw(place)).unwrap_or_default(),
        };
        let mut order: Vec<usize> = ranks.order().collect();
        order.sort_by_cached_key(|place| self.group_key(within, *place));
        for place in order {
            let rank = ranks.get(place);
            filling
                .push_whole(rank.map(|rank| rank.place))
                .push_whole(rank.map(|rank| rank.of))
                .push_text(self.cohort.ids().get(place).map(String::as_str))
                .push_text(self.cohort.names().get(place).map(String::as_str))
                .push_text(self.cohort.structure_type(place))
                .push_text(self.stratum(place))
                .push_text(self.cohort.department(place))
                .push_text(self.cohort.region(place))
                .push_number(values.get(place).copied());
            if let Some(index) = index {
                filling.push_text(self.published(index, place).as_deref());
            }
            filling.end_row(self.cohort.is_synthetic());
        }
        Ok(filling.frame())
    }

    /// What orders the group of a territory among the others; who lacks what groups share comes last.
    fn group_key(&self, within: &Within, place: usize) -> Vec<(usize, String)> {
        const LAST: usize = usize::MAX;
        let document = self.methodology.document();
        let code = |code: Option<&str>| code.map_or((LAST, String::new()), |code| (0, code.to_owned()));
        let of = |dimension: &Dimension| match dimension {
            Dimension::Stratum => {
                let own = self.stratum(place);
                let order = document.strata.iter().position(|stratum| Some(&*stratum.id) == own);
                (order.unwrap_or(LAST), String::new())
            }
            Dimension::StructureType => {
                let own = self.cohort.structure_type(place).unwrap_or_default();
                let order = document.structure_types.keys().position(|id| id == own);
                (order.unwrap_or(LAST), own.to_owned())
            }
            Dimension::Region => code(self.cohort.region(place)),
            Dimension::Department => code(self.cohort.department(place)),
        };
        within.dimensions().iter().map(of).collect()
    }
}

impl ScoringDocument {
    /// As [`Scoring::scores_frame`], of the territories of `cohort`, each scored alone by `methodology`.
    pub fn scores_frame(&self, methodology: &Methodology, cohort: &Cohort) -> Frame {
        let mut scores = Scores::new(methodology);
        self.territories.iter().enumerate().for_each(|(place, territory)| scores.push(cohort, place, territory));
        scores.filling.frame()
    }

    /// As [`Scoring::indicators_frame`].
    pub fn indicators_frame(&self, methodology: &Methodology) -> Frame {
        let mut indicators = Indicators::new(methodology);
        self.territories.iter().for_each(|territory| indicators.push_part(&territory.id, territory, &mut 0));
        indicators.frame()
    }
}

/// The criterion that a key names.
fn criterion(methodology: &Methodology, key: &Key) -> Option<usize> {
    let document = methodology.document();
    methodology.criteria().iter().position(|criterion| {
        let indicator = document.indicators.get(criterion.indicator).map(|indicator| &indicator.id);
        indicator == key.indicator.as_ref()
            && (key.network.is_none() || criterion.network.as_deref() == key.network.as_deref())
    })
}

#[cfg(test)]
mod tests;
