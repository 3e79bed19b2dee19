//! The methodology document as types: what the format can say.
//!
//! Every field is a member of the JSON document of the same name. Members that only speak to people
//! (`title`, `label`, `description`, `unit`, `sources`, `conflicts`, `provenance`, `status`,
//! `variant_of`) never change a score and are left out of the method digest.

use std::collections::BTreeMap;

use serde::Serialize;
use smallvec::SmallVec;

use super::formula::{Formula, Predicate};
use crate::document::record::{At, FromJson, Members, record, tagged, unknown_word, words, wrong_type};
use crate::document::{Json, Texts};
use crate::error::Faults;
use crate::exact::{Decimal, Rounding, Transform};

/// On what each parameter of an object rests, by the parameter's name.
pub type Provenance = BTreeMap<String, Basis>;

record! {
    /// A scoring methodology: one JSON document that says everything a score depends on.
    Document {
        /// The language version, `bareme/1`.
        language: String,
        /// The kind of document, `methodology`.
        document: String,
        /// The methodology's id: lower-case letters, digits and hyphens.
        id: String,
        /// The version, a string compared byte by byte.
        version: String,
        /// What the document claims to be.
        status: Status,
        /// Its title.
        title: Texts,
        /// What it measures and for whom.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<Texts>,
        /// The methodology that a variant changes.
        #[serde(skip_serializing_if = "Option::is_none")]
        variant_of: Option<Pin>,
        /// The sources that provenance cites.
        #[serde(skip_serializing_if = "Option::is_none")]
        sources: Option<Vec<Source>>,
        /// Where the sources disagree, and what this document chooses.
        #[serde(skip_serializing_if = "Option::is_none")]
        conflicts: Option<Vec<Conflict>>,
        /// The length that the period must have, in days. Without it any length will do.
        #[serde(skip_serializing_if = "Option::is_none")]
        period_days: Option<u32>,
        /// The kinds of public body that the methodology knows, by id.
        structure_types: BTreeMap<String, Named>,
        /// The networks that it knows, by id.
        networks: BTreeMap<String, Named>,
        /// The metrics of an account that its formulas may read, by name.
        metrics: BTreeMap<String, Metric>,
        /// Further numbers about a territory that its formulas may read, by name.
        #[serde(skip_serializing_if = "Option::is_none")]
        attributes: Option<BTreeMap<String, Attribute>>,
        /// What becomes of several accounts of one territory on one network; without it, they are refused.
        #[serde(skip_serializing_if = "Option::is_none")]
        several_accounts: Option<SeveralAccounts>,
        /// The groups inside which territories are compared.
        strata: Vec<Stratum>,
        /// What becomes of a territory that belongs to no stratum.
        outside_strata: OutsideStrata,
        /// What an account must satisfy to be scored.
        #[serde(skip_serializing_if = "Option::is_none")]
        eligibility: Option<Vec<Eligibility>>,
        /// The criteria.
        indicators: Vec<Indicator>,
        /// The score: the root of the tree of indices.
        index: Index,
        /// How territories are ranked.
        ranking: Ranking,
        /// The rankings that people ask for; the first is the main one.
        views: Vec<View>,
        /// How a score becomes the published text.
        publication: Publication,
        /// Scores of groups, drawn from those of their members.
        #[serde(skip_serializing_if = "Option::is_none")]
        roll_ups: Option<Vec<RollUp>>,
        /// On what the parameters of the document itself rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        provenance: Option<Provenance>,
    }
}

words! {
    /// What a methodology document claims to be, from the weakest claim to the strongest.
    Status {
        /// Somebody's change to another document.
        Variant = "variant",
        /// Work in progress.
        Draft = "draft",
        /// Put forward for adoption; nobody has adopted it.
        Proposal = "proposal",
        /// Rebuilt from public sources; what was never published is inferred or proposed.
        Reconstruction = "reconstruction",
        /// Adopted and published by the body that it names.
        Official = "official",
    }
}

impl Status {
    /// The status in words.
    pub fn label(self) -> crate::error::Text {
        let (fr, en) = match self {
            Self::Variant => ("variante", "variant"),
            Self::Draft => ("brouillon", "draft"),
            Self::Proposal => ("proposition", "proposal"),
            Self::Reconstruction => ("reconstitution", "reconstruction"),
            Self::Official => ("officiel", "official"),
        };
        crate::error::Text::new(fr, en)
    }
}

record! {
    /// A methodology named beyond doubt: id, version and method digest.
    Pin {
        /// Its id.
        id: String,
        /// Its version.
        version: String,
        /// Its method digest: 64 lower-case hexadecimal digits.
        method_sha256: String,
    }
}

record! {
    /// A public text that provenance cites.
    Source {
        /// The id by which provenance cites it.
        id: String,
        /// Its address.
        url: String,
        /// Its title.
        title: String,
        /// When it was published: a date, a month or a year.
        #[serde(skip_serializing_if = "Option::is_none")]
        published: Option<String>,
        /// What there is to know about it, such as that only its beginning could be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<Texts>,
    }
}

record! {
    /// A point on which the sources disagree.
    Conflict {
        /// Its id.
        id: String,
        /// The sources that disagree.
        between: Vec<String>,
        /// What each says.
        question: Texts,
        /// What this document does, and why.
        choice: Texts,
        /// Where the other reading can be had, such as the version of a variant.
        #[serde(skip_serializing_if = "Option::is_none")]
        alternative: Option<String>,
    }
}

record! {
    /// On what a parameter rests.
    Basis {
        /// The kind of ground.
        basis: Ground,
        /// The source, for `published`.
        #[serde(skip_serializing_if = "Option::is_none")]
        source: Option<String>,
        /// The source's own words, for `published`.
        #[serde(skip_serializing_if = "Option::is_none")]
        quote: Option<String>,
        /// The reasoning, for `inferred` and `proposed`.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Texts>,
    }
}

words! {
    /// The kind of ground on which a parameter rests.
    Ground {
        /// A source says so, in the words quoted.
        Published = "published",
        /// It follows from what sources say, by the reasoning given.
        Inferred = "inferred",
        /// Nobody published it; it is put forward for the reason given.
        Proposed = "proposed",
    }
}

record! {
    /// Something that only needs a name for people.
    Named {
        /// The name.
        label: Texts,
    }
}

record! {
    /// A metric of an account.
    Metric {
        /// Whole numbers only, or any decimal.
        kind: Kind,
        /// A level at a date, or a total over the period.
        measure: Measure,
        /// The name.
        label: Texts,
        /// What is counted.
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<Texts>,
    }
}

record! {
    /// A further number about a territory.
    Attribute {
        /// Whole numbers only, or any decimal.
        kind: Kind,
        /// The name.
        label: Texts,
        /// What is counted.
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<Texts>,
    }
}

words! {
    /// Which numbers a metric or an attribute may take.
    Kind {
        /// Whole numbers from 0 to 2^53-1.
        Count = "count",
        /// Any decimal that binary64 holds.
        Decimal = "decimal",
    }
}

words! {
    /// Whether a metric is a level or a total.
    Measure {
        /// A level at the end of the period, such as followers.
        Stock = "stock",
        /// A total over the period, such as posts.
        Flow = "flow",
    }
}

record! {
    /// A group inside which territories are compared: structure types and a range of population.
    Stratum {
        /// Its id.
        id: String,
        /// Its name.
        label: Texts,
        /// The structure types that it takes.
        structure_types: Vec<String>,
        /// The populations that it takes; all of them without it.
        #[serde(skip_serializing_if = "Option::is_none")]
        population: Option<Range>,
        /// The number of eligible members below which statistics come from a larger group; goes with
        /// `fallback`.
        #[serde(skip_serializing_if = "Option::is_none")]
        minimum_size: Option<u32>,
        /// The stratum whose members join those of this one when it is too small. They join for the
        /// statistics only: places are still given inside this stratum.
        #[serde(skip_serializing_if = "Option::is_none")]
        fallback: Option<String>,
        /// On what its parameters rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        provenance: Option<Provenance>,
    }
}

record! {
    /// A half-open range: `from` included, `below` excluded; an end left out is open.
    Range {
        /// The lower end, included.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<Decimal>,
        /// The upper end, excluded.
        #[serde(skip_serializing_if = "Option::is_none")]
        below: Option<Decimal>,
    }
}

impl Range {
    /// Is `value` inside?
    pub fn contains(&self, value: Decimal) -> bool {
        self.from.is_none_or(|from| from <= value) && self.below.is_none_or(|below| value < below)
    }
}

words! {
    /// What becomes of several accounts of one territory on one network.
    SeveralAccounts {
        /// They are a fault of the cohort.
        Refuse = "refuse",
        /// Their counts are added; what is unknown of one is unknown of the whole.
        Sum = "sum",
        /// The one that the cohort marks as the main one stands for all.
        Main = "main",
    }
}

words! {
    /// What becomes of a territory that belongs to no stratum.
    OutsideStrata {
        /// It is a fault of the cohort; and strata that leave a gap are a fault of the document.
        Refuse = "refuse",
        /// It has no score, and is flagged.
        LeaveOut = "leave_out",
    }
}

record! {
    /// What an account, or a territory, must satisfy to be scored and to enter the references.
    Eligibility {
        /// Its id, which flags carry.
        id: String,
        /// What it asks, for people.
        label: Texts,
        /// The condition, such as `posts >= 1 and followers >= 100`.
        require: Predicate,
        /// On what its parameters rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        provenance: Option<Provenance>,
    }
}

record! {
    /// A criterion: a formula over an account's metrics, and how its value becomes a mark.
    Indicator {
        /// Its id.
        id: String,
        /// Its name.
        label: Texts,
        /// What it says of an account.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<Texts>,
        /// The raw value, computed exactly.
        formula: Formula,
        /// A function applied to the formula's value, correctly rounded to binary64.
        #[serde(skip_serializing_if = "Option::is_none")]
        transform: Option<TransformName>,
        /// The unit of the raw value.
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<Texts>,
        /// Which values are better.
        direction: Direction,
        /// What becomes of a value that does not exist: a division by zero, a logarithm of zero.
        undefined: Undefined,
        /// What becomes of a value that is not known.
        unknown: Unknown,
        /// Limits beyond which values are drawn in, before the statistics and the marks.
        #[serde(skip_serializing_if = "Option::is_none")]
        winsorise: Option<Winsorise>,
        /// What weighs each territory in means, spreads and quantiles: `population` or an attribute.
        /// Without it, territories count alike.
        #[serde(skip_serializing_if = "Option::is_none")]
        statistics_weight: Option<String>,
        /// How the raw value becomes a mark; not needed by a criterion that only orders a view.
        #[serde(skip_serializing_if = "Option::is_none")]
        normalise: Option<Normalise>,
        /// On what its parameters rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        provenance: Option<Provenance>,
    }
}

words! {
    /// A function applied to the formula's value, correctly rounded to binary64.
    TransformName {
        /// The natural logarithm.
        Ln = "ln",
        /// The natural logarithm of one plus the value.
        Ln1p = "ln1p",
        /// The decimal logarithm.
        Log10 = "log10",
        /// The square root.
        Sqrt = "sqrt",
    }
}

impl From<TransformName> for Transform {
    fn from(name: TransformName) -> Self {
        match name {
            TransformName::Ln => Self::Ln,
            TransformName::Ln1p => Self::Ln1p,
            TransformName::Log10 => Self::Log10,
            TransformName::Sqrt => Self::Sqrt,
        }
    }
}

/// Which raw values are better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The higher the better.
    Higher,
    /// The lower the better.
    Lower,
    /// The closer to this value the better: the raw value x is replaced by |x - t|, and lower is better.
    ClosestTo(Decimal),
}

impl FromJson for Direction {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        match json {
            Json::String(word) if word == "higher" => Some(Self::Higher),
            Json::String(word) if word == "lower" => Some(Self::Lower),
            Json::String(word) => unknown_word(word, at, &["higher", "lower", "{\"closest_to\": …}"], faults),
            Json::Object(_) => {
                Members::of(json, at, &["closest_to"], faults)?.read("closest_to", faults).map(Self::ClosestTo)
            }
            _ => wrong_type(
                json,
                at,
                faults,
                "« higher », « lower » ou {\"closest_to\": …}",
                "`higher`, `lower` or {\"closest_to\": …}",
            ),
        }
    }
}

words! {
    /// What becomes of an undefined value.
    Undefined {
        /// The mark is 0.
        MarkZero = "mark_zero",
        /// The raw value is 0, and is then treated like any other.
        RawZero = "raw_zero",
        /// There is no mark; the index says what becomes of a missing one.
        LeaveOut = "leave_out",
        /// The territory has no score.
        Refuse = "refuse",
    }
}

words! {
    /// What becomes of an unknown value.
    Unknown {
        /// The mark is 0.
        MarkZero = "mark_zero",
        /// There is no mark; the index says what becomes of a missing one.
        LeaveOut = "leave_out",
        /// The value is the median of those known in the stratum; without any, there is no mark.
        ImputeMedian = "impute_median",
        /// The territory has no score.
        Refuse = "refuse",
    }
}

record! {
    /// Limits beyond which values are drawn in. They come from the values of eligible members.
    Winsorise {
        /// Where quantiles come from; not allowed when both limits are fixed.
        #[serde(skip_serializing_if = "Option::is_none")]
        within: Option<Within>,
        /// The lower limit: a quantile or a number; without it, none.
        #[serde(skip_serializing_if = "Option::is_none")]
        low: Option<Bound>,
        /// The upper limit: a quantile or a number; without it, none.
        #[serde(skip_serializing_if = "Option::is_none")]
        high: Option<Bound>,
        /// On what its parameters rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        provenance: Option<Provenance>,
    }
}

tagged! {
    /// How a raw value becomes a mark.
    Normalise by "method" {
        /// 100 (x - low) / (high - low).
        MinMax = "min_max" {
            /// Where the statistics come from; not allowed when both bounds are fixed.
            #[serde(skip_serializing_if = "Option::is_none")]
            within: Option<Within>,
            /// The value that gets 0.
            low: Bound,
            /// The value that gets 100.
            high: Bound,
            /// Are marks kept within 0 and 100?
            clamp: bool,
            /// The mark given when the bounds coincide.
            constant: Decimal,
            /// On what its parameters rest.
            #[serde(skip_serializing_if = "Option::is_none")]
            provenance: Option<Provenance>,
        },
        /// 100 x / target.
        ProportionOf = "proportion_of" {
            /// Where the statistics come from; not allowed when the target is fixed.
            #[serde(skip_serializing_if = "Option::is_none")]
            within: Option<Within>,
            /// The value that gets 100.
            target: Bound,
            /// The highest mark; without it, marks have no upper end.
            #[serde(skip_serializing_if = "Option::is_none")]
            cap: Option<Decimal>,
            /// On what its parameters rest.
            #[serde(skip_serializing_if = "Option::is_none")]
            provenance: Option<Provenance>,
        },
        /// 100 (L + E/2) / n: L values below, E equal (itself included), n in all.
        PercentileRank = "percentile_rank" {
            /// Where the values come from.
            within: Within,
            /// On what its parameters rest.
            #[serde(skip_serializing_if = "Option::is_none")]
            provenance: Option<Provenance>,
        },
        /// 100 (n - r) / (n - 1), r being the place (1, 2, 2, 4) among n values.
        Rank = "rank" {
            /// Where the values come from.
            within: Within,
            /// The mark of a value that is alone.
            single: Decimal,
            /// On what its parameters rest.
            #[serde(skip_serializing_if = "Option::is_none")]
            provenance: Option<Provenance>,
        },
        /// centre + scale (x - mean) / spread.
        ZScore = "z_score" {
            /// Where the statistics come from.
            within: Within,
            /// The mark of the mean.
            centre: Decimal,
            /// The marks that one standard deviation is worth; more than 0.
            scale: Decimal,
            /// The spread is the square root of the sum of squares over n - ddof: 0 or 1.
            ddof: u32,
            /// The lowest and highest mark; without it, marks have no ends.
            #[serde(skip_serializing_if = "Option::is_none")]
            clamp: Option<Limits>,
            /// The mark given when all values are equal.
            constant: Decimal,
            /// On what its parameters rest.
            #[serde(skip_serializing_if = "Option::is_none")]
            provenance: Option<Provenance>,
        },
        /// Points joined by straight lines; beyond the ends, the mark of the end.
        Piecewise = "piecewise" {
            /// The points, by increasing value.
            points: Vec<Point>,
            /// On what its parameters rest.
            #[serde(skip_serializing_if = "Option::is_none")]
            provenance: Option<Provenance>,
        },
        /// A table of thresholds. Higher is better: the mark of the last threshold at or below the
        /// value. Lower is better: the mark of the first threshold at or above it.
        Bands = "bands" {
            /// The thresholds, by increasing value.
            bands: Vec<Point>,
            /// The mark of a value that reaches no threshold.
            otherwise: Decimal,
            /// On what its parameters rest.
            #[serde(skip_serializing_if = "Option::is_none")]
            provenance: Option<Provenance>,
        },
        /// The mark is the raw value.
        Identity = "none" {
            /// On what its parameters rest.
            #[serde(skip_serializing_if = "Option::is_none")]
            provenance: Option<Provenance>,
        },
    }
}

/// A bound or a target: a statistic of the group, a quantile of it, or a fixed number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// A statistic of the group's values.
    Statistic(Statistic),
    /// A quantile of the group's values (type 7), from 0 to 1.
    Quantile(Decimal),
    /// A number.
    Fixed(Decimal),
}

impl FromJson for Bound {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        const WAYS: &[&str] = &["statistic", "quantile", "fixed"];
        let members = Members::of(json, at, WAYS, faults)?;
        let given: Vec<&str> = WAYS.iter().copied().filter(|way| json.get(way).is_some()).collect();
        match given.as_slice() {
            ["statistic"] => members.read("statistic", faults).map(Self::Statistic),
            ["quantile"] => members.read("quantile", faults).map(Self::Quantile),
            ["fixed"] => members.read("fixed", faults).map(Self::Fixed),
            _ => wrong_type(
                json,
                at,
                faults,
                "un seul de « statistic », « quantile », « fixed »",
                "exactly one of `statistic`, `quantile`, `fixed`",
            ),
        }
    }
}

words! {
    /// A statistic of a group's values.
    Statistic {
        /// The smallest.
        Min = "min",
        /// The largest.
        Max = "max",
        /// The arithmetic mean, rounded to binary64.
        Mean = "mean",
        /// The median: the quantile 1/2.
        Median = "median",
    }
}

record! {
    /// A lowest and a highest mark.
    Limits {
        /// The lowest.
        low: Decimal,
        /// The highest.
        high: Decimal,
    }
}

record! {
    /// A value and its mark.
    Point {
        /// The value.
        at: Decimal,
        /// Its mark.
        mark: Decimal,
    }
}

words! {
    /// A way of grouping territories.
    Dimension {
        /// Those of one stratum.
        Stratum = "stratum",
        /// Those of one structure type.
        StructureType = "structure_type",
        /// Those of one region.
        Region = "region",
        /// Those of one department.
        Department = "department",
    }
}

/// A group of territories: those that share every dimension named; `cohort` names none and means
/// all. In JSON: a word, or a list of words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Within(SmallVec<[Dimension; 4]>);

impl Normalise {
    /// The group from which it takes statistics, if it takes any.
    pub(crate) fn within(&self) -> Option<&Within> {
        match self {
            Self::MinMax { within, .. } | Self::ProportionOf { within, .. } => within.as_ref(),
            Self::PercentileRank { within, .. } | Self::Rank { within, .. } | Self::ZScore { within, .. } => {
                Some(within)
            }
            Self::Piecewise { .. } | Self::Bands { .. } | Self::Identity { .. } => None,
        }
    }
}

impl Within {
    /// All territories together.
    pub const COHORT: Self = Self(SmallVec::new_const());

    /// The territories that share every one of `dimensions`.
    pub fn new(dimensions: impl IntoIterator<Item = Dimension>) -> Self {
        let mut dimensions: SmallVec<_> = dimensions.into_iter().collect();
        dimensions.sort_unstable();
        dimensions.dedup();
        Self(dimensions)
    }

    /// The dimensions, in the order of [`Dimension`]; none for the whole cohort.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.0
    }

    /// The text that names the group everywhere: `stratum+region`, or `cohort`.
    pub fn name(&self) -> String {
        if self.0.is_empty() {
            return "cohort".into();
        }
        self.0.iter().map(|dimension| dimension.as_str()).collect::<Vec<_>>().join("+")
    }

    /// Reads [`Self::name`]; the dimensions may stand in any order.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "cohort" {
            return Some(Self::COHORT);
        }
        name.split('+').map(Dimension::from_word).collect::<Option<Vec<_>>>().map(Self::new)
    }
}

impl Serialize for Within {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [] => serializer.serialize_str("cohort"),
            [one] => one.serialize(serializer),
            many => many.serialize(serializer),
        }
    }
}

impl FromJson for Within {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        const WORDS: &[&str] = &["stratum", "structure_type", "region", "department", "cohort"];
        match json {
            Json::String(word) if word == "cohort" => Some(Self::COHORT),
            Json::String(word) => match Dimension::from_word(word) {
                Some(dimension) => Some(Self::new([dimension])),
                None => unknown_word(word, at, WORDS, faults),
            },
            Json::Array(items) if items.len() >= 2 => {
                let dimensions = Vec::<Dimension>::from_json(json, at, faults)?;
                let within = Self::new(dimensions);
                if within.0.len() < items.len() {
                    return wrong_type(json, at, faults, "des dimensions distinctes", "distinct dimensions");
                }
                Some(within)
            }
            _ => wrong_type(
                json,
                at,
                faults,
                "un mot, ou une liste d'au moins deux mots",
                "a word, or a list of at least two words",
            ),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Within {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Within".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let dimension = generator.subschema_for::<Dimension>();
        schemars::json_schema!({
            "description": "A group of territories: those that share every dimension named; `cohort` means all.",
            "anyOf": [
                { "const": "cohort" },
                dimension,
                { "type": "array", "items": dimension, "minItems": 2, "uniqueItems": true },
            ],
        })
    }
}

record! {
    /// An index: a node that combines marks, or other indices, by weights.
    Index {
        /// Its id.
        id: String,
        /// Its name.
        label: Texts,
        /// What it says.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<Texts>,
        /// The network from whose accounts the criteria below take their metrics.
        #[serde(skip_serializing_if = "Option::is_none")]
        network: Option<String>,
        /// What becomes of a territory that has no account on `network`; goes with it.
        #[serde(skip_serializing_if = "Option::is_none")]
        absent: Option<Absent>,
        /// How the children combine.
        aggregate: Aggregate,
        /// What becomes of a child that has no value.
        missing: Missing,
        /// The share of the weights that children with a value must reach, from 0 to 1; below it the
        /// index has no value.
        #[serde(skip_serializing_if = "Option::is_none")]
        minimum_share: Option<Decimal>,
        /// The children.
        of: Vec<Child>,
        /// On what its parameters rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        provenance: Option<Provenance>,
    }
}

words! {
    /// What becomes of a territory that has no account on a network.
    Absent {
        /// The index is 0.
        Zero = "zero",
        /// The index has no value; the index above says what becomes of a missing one.
        LeaveOut = "leave_out",
        /// The territory has no score.
        Refuse = "refuse",
    }
}

words! {
    /// How the children of an index combine; w are the weights as applied, which sum to 1.
    Aggregate {
        /// The sum of w x.
        Arithmetic = "arithmetic",
        /// The product of x^w, rounded to binary64.
        Geometric = "geometric",
        /// 1 over the sum of w / x.
        Harmonic = "harmonic",
        /// The sum of the weights as written times x: points that add up.
        Sum = "sum",
        /// The smallest x of positive weight.
        Min = "min",
        /// The largest x of positive weight.
        Max = "max",
    }
}

words! {
    /// What becomes of a child that has no value.
    Missing {
        /// The others share its weight.
        Renormalise = "renormalise",
        /// It counts as 0.
        Zero = "zero",
        /// The territory has no score.
        Refuse = "refuse",
    }
}

record! {
    /// A child of an index: an indicator, another index, or the score of another methodology.
    Child {
        /// The indicator's id.
        #[serde(skip_serializing_if = "Option::is_none")]
        indicator: Option<String>,
        /// The index.
        #[serde(skip_serializing_if = "Option::is_none")]
        index: Option<Box<Index>>,
        /// Another methodology, whose root's exact value counts here: its own strata and eligibility
        /// apply, its publication rounding does not.
        #[serde(skip_serializing_if = "Option::is_none")]
        methodology: Option<Pin>,
        /// What becomes of a territory that the other methodology finds absent from its network; goes
        /// with `methodology`.
        #[serde(skip_serializing_if = "Option::is_none")]
        absent: Option<Absent>,
        /// Its weight.
        weight: Weight,
        /// On what its parameters rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        provenance: Option<Provenance>,
    }
}

/// A weight: a number, or a table of numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Weight {
    /// The same for every territory.
    Fixed(Decimal),
    /// By structure type, by stratum or by population.
    Table(WeightTable),
}

impl FromJson for Weight {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        match json {
            Json::Number(value) => Some(Self::Fixed(*value)),
            Json::Object(_) => WeightTable::from_json(json, at, faults).map(Self::Table),
            _ => wrong_type(json, at, faults, "un nombre ou une table", "a number or a table"),
        }
    }
}

record! {
    /// A table of weights: one of the three `by_…`, and the weight of whatever it does not name.
    WeightTable {
        /// The weight of a territory that the table does not name, or whose population is unknown.
        default: Decimal,
        /// By structure type.
        #[serde(skip_serializing_if = "Option::is_none")]
        by_structure_type: Option<BTreeMap<String, Decimal>>,
        /// By stratum.
        #[serde(skip_serializing_if = "Option::is_none")]
        by_stratum: Option<BTreeMap<String, Decimal>>,
        /// By band of population.
        #[serde(skip_serializing_if = "Option::is_none")]
        by_population: Option<Vec<WeightBand>>,
    }
}

record! {
    /// The weight of a band of population: `from` included, `below` excluded.
    WeightBand {
        /// The lower end, included.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<Decimal>,
        /// The upper end, excluded.
        #[serde(skip_serializing_if = "Option::is_none")]
        below: Option<Decimal>,
        /// The weight.
        weight: Decimal,
    }
}

record! {
    /// How territories are ranked.
    Ranking {
        /// Whether an index orders by its `score` or by its `published` value.
        order_by: OrderBy,
        /// How equal territories share a place.
        ties: Ties,
        /// What separates territories that are equal, in turn.
        tie_breakers: Vec<Key>,
        /// The groups inside which a rank is given.
        within: Vec<Within>,
        /// On what its parameters rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        provenance: Option<Provenance>,
    }
}

words! {
    /// Which value of an index orders a ranking.
    OrderBy {
        /// The binary64 score.
        Score = "score",
        /// The published decimal.
        Published = "published",
    }
}

words! {
    /// How equal territories share a place.
    Ties {
        /// 1, 2, 2, 4.
        Competition = "competition",
        /// 1, 2, 2, 3.
        Dense = "dense",
    }
}

record! {
    /// A ranking that people ask for, such as the most followed.
    View {
        /// Its id.
        id: String,
        /// Its name.
        label: Texts,
        /// What it orders by.
        by: Key,
    }
}

record! {
    /// What a ranking orders by: an index, or a criterion's raw value in its direction.
    Key {
        /// An index's id.
        #[serde(skip_serializing_if = "Option::is_none")]
        index: Option<String>,
        /// An indicator's id.
        #[serde(skip_serializing_if = "Option::is_none")]
        indicator: Option<String>,
        /// The indicator's network; needed when it is computed on several.
        #[serde(skip_serializing_if = "Option::is_none")]
        network: Option<String>,
    }
}

record! {
    /// How a score becomes the published text.
    Publication {
        /// The number of decimals, 12 at most.
        decimals: u32,
        /// The rounding rule.
        rounding: RoundingName,
        /// Grades given to territories besides their score.
        #[serde(skip_serializing_if = "Option::is_none")]
        grades: Option<Grades>,
        /// On what its parameters rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        provenance: Option<Provenance>,
    }
}

words! {
    /// How the exact value is rounded to the published decimals.
    RoundingName {
        /// To nearest, ties away from zero.
        HalfUp = "half_up",
        /// To nearest, ties to the even digit.
        HalfEven = "half_even",
        /// Toward zero.
        Down = "down",
    }
}

impl From<RoundingName> for Rounding {
    fn from(name: RoundingName) -> Self {
        match name {
            RoundingName::HalfUp => Self::HalfUp,
            RoundingName::HalfEven => Self::HalfEven,
            RoundingName::Down => Self::Down,
        }
    }
}

record! {
    /// The score of each group: the weighted mean of its members' scores, such as a region's score
    /// from those of its communes.
    RollUp {
        /// Its id.
        id: String,
        /// Its name.
        label: Texts,
        /// The index whose scores are drawn together.
        index: String,
        /// The structure types of the members.
        structure_types: Vec<String>,
        /// What makes a group.
        into: Dimension,
        /// What weighs each member: `population` or an attribute. Without it, members count alike.
        #[serde(skip_serializing_if = "Option::is_none")]
        weight: Option<String>,
        /// On what its parameters rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        provenance: Option<Provenance>,
    }
}

tagged! {
    /// Grades: the first step that a territory reaches is its grade.
    Grades by "by" {
        /// By the published score of the root.
        Threshold = "threshold" {
            /// The steps, by decreasing threshold.
            steps: Vec<ThresholdStep>,
        },
        /// By the place in a ranking.
        Rank = "rank" {
            /// The view that ranks.
            view: String,
            /// The group inside which it ranks.
            within: Within,
            /// The steps, by increasing share.
            steps: Vec<RankStep>,
        },
    }
}

record! {
    /// A grade for published scores from a threshold up.
    ThresholdStep {
        /// The grade's id.
        id: String,
        /// Its name.
        label: Texts,
        /// The lowest published score that gets it.
        from: Decimal,
    }
}

record! {
    /// A grade for the best of a group.
    RankStep {
        /// The grade's id.
        id: String,
        /// Its name.
        label: Texts,
        /// The share of the group, from 0 to 1: places up to this share of its size get the grade.
        top: Decimal,
    }
}
