// The types of every document, written from spec/schemas by `npm run types`.

/** A scoring methodology: one JSON document that says everything a score depends on. */
export interface MethodologyDocument {
  /** Further numbers about a territory that its formulas may read, by name. */
  attributes?: Record<string, Attribute>
  /** Where the sources disagree, and what this document chooses. */
  conflicts?: Conflict[]
  /** What it measures and for whom. */
  description?: Texts
  /** The kind of document, `methodology`. */
  document: 'methodology'
  /** What an account must satisfy to be scored. */
  eligibility?: Eligibility[]
  /** The methodology's id: lower-case letters, digits and hyphens. */
  id: string
  /** The score: the root of the tree of indices. */
  index: Index
  /** The criteria. */
  indicators: Indicator[]
  /** The language version, `bareme/1`. */
  language: 'bareme/1'
  /** The metrics of an account that its formulas may read, by name. */
  metrics: Record<string, Metric>
  /** The networks that it knows, by id. */
  networks: Record<string, Named>
  /** What becomes of a territory that belongs to no stratum. */
  outside_strata: OutsideStrata
  /** The length that the period must have, in days. Without it any length will do. */
  period_days?: number
  /** On what the parameters of the document itself rest. */
  provenance?: Record<string, Basis>
  /** How a score becomes the published text. */
  publication: PublicationRules
  /** How territories are ranked. */
  ranking: Ranking
  /** Scores of groups, drawn from those of their members. */
  roll_ups?: RollUp[]
  /** What becomes of several accounts of one territory on one network; without it, they are refused. */
  several_accounts?: SeveralAccounts
  /** The sources that provenance cites. */
  sources?: Source[]
  /** What the document claims to be. */
  status: Status
  /** The groups inside which territories are compared. */
  strata: Stratum[]
  /** The kinds of public body that the methodology knows, by id. */
  structure_types: Record<string, Named>
  /** Its title. */
  title: Texts
  /** The methodology that a variant changes. */
  variant_of?: Pin
  /** The version, a string compared byte by byte. */
  version: string
  /** The rankings that people ask for; the first is the main one. */
  views: View[]
}

/** What becomes of a territory that has no account on a network. */
export type Absent =
  /** The index is 0. */
  | 'zero'
  /** The index has no value; the index above says what becomes of a missing one. */
  | 'leave_out'
  /** The territory has no score. */
  | 'refuse'

/** How the children of an index combine; w are the weights as applied, which sum to 1. */
export type Aggregate =
  /** The sum of w x. */
  | 'arithmetic'
  /** The product of x^w, rounded to binary64. */
  | 'geometric'
  /** 1 over the sum of w / x. */
  | 'harmonic'
  /** The sum of the weights as written times x: points that add up. */
  | 'sum'
  /** The smallest x of positive weight. */
  | 'min'
  /** The largest x of positive weight. */
  | 'max'

/** A further number about a territory. */
export interface Attribute {
  /** Whole numbers only, or any decimal. */
  kind: Kind
  /** The name. */
  label: Texts
  /** What is counted. */
  unit?: Texts
}

/** On what a parameter rests. */
export interface Basis {
  /** The kind of ground. */
  basis: Ground
  /** The source's own words, for `published`. */
  quote?: string
  /** The reasoning, for `inferred` and `proposed`. */
  reason?: Texts
  /** The source, for `published`. */
  source?: string
}

/** A bound or a target: a statistic of the group, a quantile of it, or a fixed number. */
export type Bound =
  /** A statistic of the group's values. */
  | {
      statistic: Statistic
    }
  /** A quantile of the group's values (type 7), from 0 to 1. */
  | {
      quantile: number
    }
  /** A number. */
  | {
      fixed: number
    }

/** A child of an index: an indicator, another index, or the score of another methodology. */
export interface Child {
  /**
   * What becomes of a territory that the other methodology finds absent from its network; goes
   * with `methodology`.
   */
  absent?: Absent
  /** The index. */
  index?: Index
  /** The indicator's id. */
  indicator?: string
  /**
   * Another methodology, whose root's exact value counts here: its own strata and eligibility
   * apply, its publication rounding does not.
   */
  methodology?: Pin
  /** On what its parameters rest. */
  provenance?: Record<string, Basis>
  /** Its weight. */
  weight: Weight
}

/** A point on which the sources disagree. */
export interface Conflict {
  /** Where the other reading can be had, such as the version of a variant. */
  alternative?: string
  /** The sources that disagree. */
  between: string[]
  /** What this document does, and why. */
  choice: Texts
  /** Its id. */
  id: string
  /** What each says. */
  question: Texts
}

/** A way of grouping territories. */
export type Dimension =
  /** Those of one stratum. */
  | 'stratum'
  /** Those of one structure type. */
  | 'structure_type'
  /** Those of one region. */
  | 'region'
  /** Those of one department. */
  | 'department'

/** Which raw values are better. */
export type Direction =
  /** The higher the better. */
  | 'higher'
  /** The lower the better. */
  | 'lower'
  /** The closer to this value the better: the raw value x is replaced by |x - t|, and lower is better. */
  | {
      closest_to: number
    }

/** What an account, or a territory, must satisfy to be scored and to enter the references. */
export interface Eligibility {
  /** Its id, which flags carry. */
  id: string
  /** What it asks, for people. */
  label: Texts
  /** On what its parameters rest. */
  provenance?: Record<string, Basis>
  /** The condition, such as `posts >= 1 and followers >= 100`. */
  require: Predicate
}

/** An arithmetic expression over metrics, attributes, `population` and `days`. */
export type Formula = string

/** Grades: the first step that a territory reaches is its grade. */
export type Grades =
  /** By the published score of the root. */
  | {
      by: 'threshold'
      /** The steps, by decreasing threshold. */
      steps: ThresholdStep[]
    }
  /** By the place in a ranking. */
  | {
      by: 'rank'
      /** The steps, by increasing share. */
      steps: RankStep[]
      /** The view that ranks. */
      view: string
      /** The group inside which it ranks. */
      within: Within
    }

/** The kind of ground on which a parameter rests. */
export type Ground =
  /** A source says so, in the words quoted. */
  | 'published'
  /** It follows from what sources say, by the reasoning given. */
  | 'inferred'
  /** Nobody published it; it is put forward for the reason given. */
  | 'proposed'

/** An index: a node that combines marks, or other indices, by weights. */
export interface Index {
  /** What becomes of a territory that has no account on `network`; goes with it. */
  absent?: Absent
  /** How the children combine. */
  aggregate: Aggregate
  /** What it says. */
  description?: Texts
  /** Its id. */
  id: string
  /** Its name. */
  label: Texts
  /**
   * The share of the weights that children with a value must reach, from 0 to 1; below it the
   * index has no value.
   */
  minimum_share?: number
  /** What becomes of a child that has no value. */
  missing: Missing
  /** The network from whose accounts the criteria below take their metrics. */
  network?: string
  /** The children. */
  of: Child[]
  /** On what its parameters rest. */
  provenance?: Record<string, Basis>
}

/** A criterion: a formula over an account's metrics, and how its value becomes a mark. */
export interface Indicator {
  /** What it says of an account. */
  description?: Texts
  /** Which values are better. */
  direction: Direction
  /** The raw value, computed exactly. */
  formula: Formula
  /** Its id. */
  id: string
  /** Its name. */
  label: Texts
  /** How the raw value becomes a mark; not needed by a criterion that only orders a view. */
  normalise?: Normalise
  /** On what its parameters rest. */
  provenance?: Record<string, Basis>
  /**
   * What weighs each territory in means, spreads and quantiles: `population` or an attribute.
   * Without it, territories count alike.
   */
  statistics_weight?: string
  /** A function applied to the formula's value, correctly rounded to binary64. */
  transform?: TransformName
  /** What becomes of a value that does not exist: a division by zero, a logarithm of zero. */
  undefined: Undefined
  /** The unit of the raw value. */
  unit?: Texts
  /** What becomes of a value that is not known. */
  unknown: Unknown
  /** Limits beyond which values are drawn in, before the statistics and the marks. */
  winsorise?: Winsorise
}

/** What a ranking orders by: an index, or a criterion's raw value in its direction. */
export interface Key {
  /** An index's id. */
  index?: string
  /** An indicator's id. */
  indicator?: string
  /** The indicator's network; needed when it is computed on several. */
  network?: string
}

/** Which numbers a metric or an attribute may take. */
export type Kind =
  /** Whole numbers from 0 to 2^53-1. */
  | 'count'
  /** Any decimal that binary64 holds. */
  | 'decimal'

/** A lowest and a highest mark. */
export interface Limits {
  /** The highest. */
  high: number
  /** The lowest. */
  low: number
}

/** Whether a metric is a level or a total. */
export type Measure =
  /** A level at the end of the period, such as followers. */
  | 'stock'
  /** A total over the period, such as posts. */
  | 'flow'

/** A metric of an account. */
export interface Metric {
  /** Whole numbers only, or any decimal. */
  kind: Kind
  /** The name. */
  label: Texts
  /** A level at a date, or a total over the period. */
  measure: Measure
  /** What is counted. */
  unit?: Texts
}

/** What becomes of a child that has no value. */
export type Missing =
  /** The others share its weight. */
  | 'renormalise'
  /** It counts as 0. */
  | 'zero'
  /** The territory has no score. */
  | 'refuse'

/** Something that only needs a name for people. */
export interface Named {
  /** The name. */
  label: Texts
}

/** How a raw value becomes a mark. */
export type Normalise =
  /** 100 (x - low) / (high - low). */
  | {
      /** Are marks kept within 0 and 100? */
      clamp: boolean
      /** The mark given when the bounds coincide. */
      constant: number
      /** The value that gets 100. */
      high: Bound
      /** The value that gets 0. */
      low: Bound
      method: 'min_max'
      /** On what its parameters rest. */
      provenance?: Record<string, Basis>
      /** Where the statistics come from; not allowed when both bounds are fixed. */
      within?: Within
    }
  /** 100 x / target. */
  | {
      /** The highest mark; without it, marks have no upper end. */
      cap?: number
      method: 'proportion_of'
      /** On what its parameters rest. */
      provenance?: Record<string, Basis>
      /** The value that gets 100. */
      target: Bound
      /** Where the statistics come from; not allowed when the target is fixed. */
      within?: Within
    }
  /** 100 (L + E/2) / n: L values below, E equal (itself included), n in all. */
  | {
      method: 'percentile_rank'
      /** On what its parameters rest. */
      provenance?: Record<string, Basis>
      /** Where the values come from. */
      within: Within
    }
  /** 100 (n - r) / (n - 1), r being the place (1, 2, 2, 4) among n values. */
  | {
      method: 'rank'
      /** On what its parameters rest. */
      provenance?: Record<string, Basis>
      /** The mark of a value that is alone. */
      single: number
      /** Where the values come from. */
      within: Within
    }
  /** centre + scale (x - mean) / spread. */
  | {
      /** The mark of the mean. */
      centre: number
      /** The lowest and highest mark; without it, marks have no ends. */
      clamp?: Limits
      /** The mark given when all values are equal. */
      constant: number
      /** The spread is the square root of the sum of squares over n - ddof: 0 or 1. */
      ddof: number
      method: 'z_score'
      /** On what its parameters rest. */
      provenance?: Record<string, Basis>
      /** The marks that one standard deviation is worth; more than 0. */
      scale: number
      /** Where the statistics come from. */
      within: Within
    }
  /** Points joined by straight lines; beyond the ends, the mark of the end. */
  | {
      method: 'piecewise'
      /** The points, by increasing value. */
      points: Point[]
      /** On what its parameters rest. */
      provenance?: Record<string, Basis>
    }
  /**
   * A table of thresholds. Higher is better: the mark of the last threshold at or below the
   * value. Lower is better: the mark of the first threshold at or above it.
   */
  | {
      /** The thresholds, by increasing value. */
      bands: Point[]
      method: 'bands'
      /** The mark of a value that reaches no threshold. */
      otherwise: number
      /** On what its parameters rest. */
      provenance?: Record<string, Basis>
    }
  /** The mark is the raw value. */
  | {
      method: 'none'
      /** On what its parameters rest. */
      provenance?: Record<string, Basis>
    }

/** Which value of an index orders a ranking. */
export type OrderBy =
  /** The binary64 score. */
  | 'score'
  /** The published decimal. */
  | 'published'

/** What becomes of a territory that belongs to no stratum. */
export type OutsideStrata =
  /** It is a fault of the cohort; and strata that leave a gap are a fault of the document. */
  | 'refuse'
  /** It has no score, and is flagged. */
  | 'leave_out'

/** A methodology named beyond doubt: id, version and method digest. */
export interface Pin {
  /** Its id. */
  id: string
  /** Its method digest: 64 lower-case hexadecimal digits. */
  method_sha256: string
  /** Its version. */
  version: string
}

/** A value and its mark. */
export interface Point {
  /** The value. */
  at: number
  /** Its mark. */
  mark: number
}

/** Comparisons of formulas joined by `and` and `or`. */
export type Predicate = string

/** How a score becomes the published text. */
export interface PublicationRules {
  /** The number of decimals, 12 at most. */
  decimals: number
  /** Grades given to territories besides their score. */
  grades?: Grades
  /** On what its parameters rest. */
  provenance?: Record<string, Basis>
  /** The rounding rule. */
  rounding: RoundingName
}

/** A half-open range: `from` included, `below` excluded; an end left out is open. */
export interface Range {
  /** The upper end, excluded. */
  below?: number
  /** The lower end, included. */
  from?: number
}

/** A grade for the best of a group. */
export interface RankStep {
  /** The grade's id. */
  id: string
  /** Its name. */
  label: Texts
  /** The share of the group, from 0 to 1: places up to this share of its size get the grade. */
  top: number
}

/** How territories are ranked. */
export interface Ranking {
  /** Whether an index orders by its `score` or by its `published` value. */
  order_by: OrderBy
  /** On what its parameters rest. */
  provenance?: Record<string, Basis>
  /** What separates territories that are equal, in turn. */
  tie_breakers: Key[]
  /** How equal territories share a place. */
  ties: Ties
  /** The groups inside which a rank is given. */
  within: Within[]
}

/**
 * The score of each group: the weighted mean of its members' scores, such as a region's score
 * from those of its communes.
 */
export interface RollUp {
  /** Its id. */
  id: string
  /** The index whose scores are drawn together. */
  index: string
  /** What makes a group. */
  into: Dimension
  /** Its name. */
  label: Texts
  /** On what its parameters rest. */
  provenance?: Record<string, Basis>
  /** The structure types of the members. */
  structure_types: string[]
  /** What weighs each member: `population` or an attribute. Without it, members count alike. */
  weight?: string
}

/** How the exact value is rounded to the published decimals. */
export type RoundingName =
  /** To nearest, ties away from zero. */
  | 'half_up'
  /** To nearest, ties to the even digit. */
  | 'half_even'
  /** Toward zero. */
  | 'down'

/** What becomes of several accounts of one territory on one network. */
export type SeveralAccounts =
  /** They are a fault of the cohort. */
  | 'refuse'
  /** Their counts are added; what is unknown of one is unknown of the whole. */
  | 'sum'
  /** The one that the cohort marks as the main one stands for all. */
  | 'main'

/** A public text that provenance cites. */
export interface Source {
  /** The id by which provenance cites it. */
  id: string
  /** What there is to know about it, such as that only its beginning could be read. */
  note?: Texts
  /** When it was published: a date, a month or a year. */
  published?: string
  /** Its title. */
  title: string
  /** Its address. */
  url: string
}

/** A statistic of a group's values. */
export type Statistic =
  /** The smallest. */
  | 'min'
  /** The largest. */
  | 'max'
  /** The arithmetic mean, rounded to binary64. */
  | 'mean'
  /** The median: the quantile 1/2. */
  | 'median'

/** What a methodology document claims to be, from the weakest claim to the strongest. */
export type Status =
  /** Somebody's change to another document. */
  | 'variant'
  /** Work in progress. */
  | 'draft'
  /** Put forward for adoption; nobody has adopted it. */
  | 'proposal'
  /** Rebuilt from public sources; what was never published is inferred or proposed. */
  | 'reconstruction'
  /** Adopted and published by the body that it names. */
  | 'official'

/** A group inside which territories are compared: structure types and a range of population. */
export interface Stratum {
  /**
   * The stratum whose members join those of this one when it is too small. They join for the
   * statistics only: places are still given inside this stratum.
   */
  fallback?: string
  /** Its id. */
  id: string
  /** Its name. */
  label: Texts
  /**
   * The number of eligible members below which statistics come from a larger group; goes with
   * `fallback`.
   */
  minimum_size?: number
  /** The populations that it takes; all of them without it. */
  population?: Range
  /** On what its parameters rest. */
  provenance?: Record<string, Basis>
  /** The structure types that it takes. */
  structure_types: string[]
}

/** A text in one or more languages: a map from language tag to text. `fr` is always there. */
export type Texts = { fr: string } & Record<string, string>

/** A grade for published scores from a threshold up. */
export interface ThresholdStep {
  /** The lowest published score that gets it. */
  from: number
  /** The grade's id. */
  id: string
  /** Its name. */
  label: Texts
}

/** How equal territories share a place. */
export type Ties =
  /** 1, 2, 2, 4. */
  | 'competition'
  /** 1, 2, 2, 3. */
  | 'dense'

/** A function applied to the formula's value, correctly rounded to binary64. */
export type TransformName =
  /** The natural logarithm. */
  | 'ln'
  /** The natural logarithm of one plus the value. */
  | 'ln1p'
  /** The decimal logarithm. */
  | 'log10'
  /** The square root. */
  | 'sqrt'

/** What becomes of an undefined value. */
export type Undefined =
  /** The mark is 0. */
  | 'mark_zero'
  /** The raw value is 0, and is then treated like any other. */
  | 'raw_zero'
  /** There is no mark; the index says what becomes of a missing one. */
  | 'leave_out'
  /** The territory has no score. */
  | 'refuse'

/** What becomes of an unknown value. */
export type Unknown =
  /** The mark is 0. */
  | 'mark_zero'
  /** There is no mark; the index says what becomes of a missing one. */
  | 'leave_out'
  /** The value is the median of those known in the stratum; without any, there is no mark. */
  | 'impute_median'
  /** The territory has no score. */
  | 'refuse'

/** A ranking that people ask for, such as the most followed. */
export interface View {
  /** What it orders by. */
  by: Key
  /** Its id. */
  id: string
  /** Its name. */
  label: Texts
}

/** A weight: a number, or a table of numbers. */
export type Weight =
  /** The same for every territory. */
  | number
  /** By structure type, by stratum or by population. */
  | WeightTable

/** The weight of a band of population: `from` included, `below` excluded. */
export interface WeightBand {
  /** The upper end, excluded. */
  below?: number
  /** The lower end, included. */
  from?: number
  /** The weight. */
  weight: number
}

/** A table of weights: one of the three `by_…`, and the weight of whatever it does not name. */
export interface WeightTable {
  /** By band of population. */
  by_population?: WeightBand[]
  /** By stratum. */
  by_stratum?: Record<string, number>
  /** By structure type. */
  by_structure_type?: Record<string, number>
  /** The weight of a territory that the table does not name, or whose population is unknown. */
  default: number
}

/** Limits beyond which values are drawn in. They come from the values of eligible members. */
export interface Winsorise {
  /** The upper limit: a quantile or a number; without it, none. */
  high?: Bound
  /** The lower limit: a quantile or a number; without it, none. */
  low?: Bound
  /** On what its parameters rest. */
  provenance?: Record<string, Basis>
  /** Where quantiles come from; not allowed when both limits are fixed. */
  within?: Within
}

/** A group of territories: those that share every dimension named; `cohort` means all. */
export type Within = 'cohort' | Dimension | Dimension[]

/** The territories and accounts compared with one another for one period. */
export interface CohortDocument {
  /** Their accounts, in any order; a territory without an account on a network is absent there. */
  accounts: AccountRecord[]
  /** The kind of document, `cohort`. */
  document: 'cohort'
  /** The language version, `bareme/1`. */
  language: 'bareme/1'
  /** The period over which the metrics were taken. */
  period?: PeriodRecord
  /** The accounts of the previous period, which formulas read as `previous.` and a metric. */
  previous?: PreviousRecord
  /** Are the numbers invented? Every output repeats it. No when left out. */
  synthetic?: boolean
  /** The territories, in any order. */
  territories: TerritoryRecord[]
}

/** A territory's presence on one network. */
export interface AccountRecord {
  /** Is it the main one of several that the territory has on the network? No when left out. */
  main?: boolean
  /** Numbers by the methodology's names; null or left out when unknown. */
  metrics: Record<string, Quantity>
  /** The network, by the methodology's id. */
  network: string
  /** The id of the territory. */
  territory: string
}

/** A period between two civil dates. */
export interface PeriodRecord {
  /** The first day, `YYYY-MM-DD`. */
  from: string
  /** The day after the last, `YYYY-MM-DD`. */
  to: string
}

/** What the accounts were in the previous period. */
export interface PreviousRecord {
  /** The accounts, each under the id that its territory had then. */
  accounts: AccountRecord[]
  /** That period, which ends before the cohort's begins. */
  period?: PeriodRecord
}

/** A number, or null when it is not known. */
export type Quantity = number | null

/** A stratum set by hand. */
export interface StratumRecord {
  /** The methodology's id of the stratum. */
  id: string
  /** Why; published with every result. */
  reason: string
}

/** A public body. */
export interface TerritoryRecord {
  /** Further numbers by the methodology's names; null or left out when unknown. */
  attributes?: Record<string, Quantity>
  /** Its department. */
  department?: string
  /**
   * The ids that it had in the previous period, its own when left out. Of a territory merged from
   * several, the counts of their accounts are added; an empty list says that it had no id.
   */
  formerly?: string[]
  /** Its id, unique in the cohort, such as an INSEE or SIREN code: 1 to 64 characters. */
  id: string
  /** Its name, of 1 to 200 characters. */
  name: string
  /** Inhabitants, a whole number; null or left out when unknown. */
  population?: Quantity
  /** The census that the population is from, such as its year. */
  population_vintage?: string
  /** Its region. */
  region?: string
  /** The stratum set by hand, when the methodology's own rule does not apply. */
  stratum?: StratumRecord
  /** The kind of public body, by the methodology's id. */
  structure_type: string
}

/** A scoring as a document: every territory with its indices, criteria, ranks and flags. */
export interface ScoringDocument {
  /** The cohort. */
  cohort: CohortRef
  /** The kind of document, `scoring`. */
  document: 'scoring'
  /** The language version, `bareme/1`. */
  language: 'bareme/1'
  /** The methodology. */
  methodology: MethodologyRef
  /** The digest of the reference, where each territory was scored alone against one. */
  reference_sha256?: string | null
  /** The scores of groups, by roll-up. */
  roll_ups?: Record<string, GroupScore[]>
  /** The territories, in the cohort's order. */
  territories: TerritoryScore[]
}

/** The cohort of a scoring. */
export interface CohortRef {
  /** The first day of the period, included. */
  from?: string | null
  /** The digest of its content, whatever the order of its rows. */
  sha256: string
  /** Are its numbers invented? */
  synthetic?: boolean
  /** The last day of the period, excluded. */
  to?: string | null
}

/** The value of a criterion. */
export interface CriterionScore {
  /** The indicator's id. */
  indicator: string
  /** The mark, rounded to binary64. */
  mark: number | null
  /** The network. */
  network?: string | null
  /** The raw value, rounded to binary64. */
  raw: number | null
  /** Why there is no raw value, or `present`. */
  state: State
  /**
   * The weight in the index above, as applied: from 0 to 1, points for a sum; none when the criterion
   * only orders a view, or the index has no value.
   */
  weight: number | null
}

/** Something there is to know about a territory's score. */
export interface Flag {
  /**
   * What: `absent`, `ineligible`, `outside_strata`, `stratum_override`, `unknown`, `undefined`,
   * `raw_zero`, `imputed`, `group_unknown`, `alone`, `fallback`, `insufficient`, `stranger`, `refused`.
   */
  code: FlagCode
  /** The network, when this is about one. */
  network?: string | null
  /** Why. */
  reason?: string | null
  /** Of what: a network, an indicator, a rule, a stratum or a group. */
  subject?: string | null
}

/** The score of one group. */
export interface GroupScore {
  /** The group: a region's or department's code, a structure type or a stratum. */
  group: string
  /** The number of members left out: without a score, or of unknown weight. */
  left_out: number
  /** The number of members that count. */
  members: number
  /** The same, rounded to the methodology's decimals. */
  published: string | null
  /** The weighted mean of the members' scores; none without a member that weighs. */
  score: number | null
}

/** The value of an index. */
export interface IndexScore {
  /** The index's id. */
  id: string
  /** The exact value rounded to the methodology's decimals. */
  published: string | null
  /** The exact value rounded to binary64. */
  score: number | null
  /** Why there is no value, or `present`. */
  state: State
  /** Its weight in the index above, as applied: from 0 to 1, points for a sum; none for the root. */
  weight: number | null
  /**
   * The weights of its own children as applied, in the document's order; empty when the index has no
   * value, or one that does not come from its children.
   */
  weights?: number[]
}

/** The methodology of a scoring. */
export interface MethodologyRef {
  /** The digest of the whole document. */
  document_sha256: string
  /** Its id. */
  id: string
  /** Its method digest. */
  method_sha256: string
  /** What it claims to be. */
  status: Status
  /** Its title. */
  title: Texts
  /** Its version. */
  version: string
}

/** What a pinned methodology says of a territory. */
export interface PartScore {
  /** The pinned methodology's id. */
  id: string
  /** What it says. */
  territory: TerritoryScore
  /** Its version. */
  version: string
}

/** A place in a ranking. */
export interface RankEntry {
  /** The number of ranked territories in the group. */
  of: number | null
  /** The place, from 1; none when the territory is unranked. */
  rank: number | null
  /** The view. */
  view: string
  /** The group: dimensions joined by `+`, or `cohort`. */
  within: string
}

/** Everything that a scoring says of one territory. */
export interface TerritoryScore {
  /** Its criteria, in the methodology's order. */
  criteria: CriterionScore[]
  /** What there is to know about it. */
  flags: Flag[]
  /** Its grade, where the methodology gives grades and it reaches one. */
  grade?: string | null
  /** Its id. */
  id: string
  /** Its indices, the root first. */
  indices: IndexScore[]
  /** The method digest of the methodology. */
  method_sha256: string
  /** Its name. */
  name: string
  /** What each methodology that is pinned says of it. */
  parts?: PartScore[]
  /** Its places, by view and group. */
  ranks: RankEntry[]
  /** What the methodology claims to be. */
  status: Status
  /** Its stratum; none when it belongs to no stratum. */
  stratum: string | null
  /** Its structure type. */
  structure_type: string
  /** Does any number on which this rests come from a synthetic cohort? */
  synthetic?: boolean
}

/** The reference of a scoring. */
export interface ReferenceDocument {
  /** The digest of the cohort. */
  cohort_sha256: string
  /** The kind of document, `reference`. */
  document: 'reference'
  /** The language version, `bareme/1`. */
  language: 'bareme/1'
  /**
   * The ids of the territories of the cohort, sorted. Everywhere else a member is its place here,
   * from 0.
   */
  members: string[]
  /** The period of the cohort. */
  period?: PeriodRecord
  /** The statistics and the ranked values. */
  statistics: MethodStatistics
  /** What the methodology claims to be. */
  status: Status
  /** Are the cohort's numbers invented? No when left out. */
  synthetic?: boolean
}

/** The statistics of one criterion. */
export interface CriterionStatistics {
  /** The statistics of each group. */
  groups: StatisticsOfGroup[]
  /** The indicator. */
  indicator: string
  /** The limits of winsorisation, by group. */
  limits?: LimitsOfGroup[]
  /** The medians for imputation, by stratum; exact, `n/d`. */
  medians?: Record<string, string>
  /** The network. */
  network?: string
}

/** The limits of winsorisation of one group, exact: `n/d`. */
export interface LimitsOfGroup {
  /** The group: the value of each dimension. */
  group: Record<string, string>
  /** The upper limit. */
  high?: string
  /** The lower limit. */
  low?: string
}

/** What a methodology draws from the cohort. */
export interface MethodStatistics {
  /** The statistics of each criterion, in the methodology's order. */
  criteria: CriterionStatistics[]
  /**
   * The finest groups in which the methodology ranks, each as the value of each dimension that is
   * known. Larger groups are unions of these. Left out where they are those of the methodology
   * that pins this one.
   */
  groups?: Array<Record<string, string>>
  /** The methodology. */
  methodology: Pin
  /** The statistics of the methodologies that are pinned, in the order in which they are first named. */
  parts?: MethodStatistics[]
  /** The values that each view ranks, by view. */
  rankings: Record<string, RankedValues>
  /** The place in `groups` of each member's; left out together with them. */
  seats?: number[]
  /** The number of territories in each stratum, by id. */
  strata: Record<string, number>
}

/** The values that a view ranks. */
export interface RankedValues {
  /**
   * The distinct keys, the best first: the view's value, then that of each tie-breaker; empty for
   * none.
   */
  keys: string[][]
  /** The members that have each key. */
  members: number[][]
}

/** The statistics against which the values of one group are set. */
export interface StatisticsOfGroup {
  /** The number of members that have each value. */
  counts?: number[]
  /** The group: the value of each dimension; none for the whole cohort. */
  group: Record<string, string>
  /** The upper bound, exact: `n/d`. */
  high?: string
  /** Are the statistics those of a larger group, because this one is too small? */
  larger?: boolean
  /** The lower bound, exact: `n/d`. */
  low?: string
  /** The mean, rounded to binary64. */
  mean?: number
  /** Those members, as far as they belong to the group itself. */
  members?: number[][]
  /** The number of members that the statistics are taken over. */
  size: number
  /** The spread, rounded to binary64; none beside a mean when all values are equal. */
  spread?: number
  /** The target, exact: `n/d`. */
  target?: string
  /** The distinct values, increasing, exact: `n/d`. */
  values?: string[]
}

/** The open-data document of a scoring. */
export interface PublicationDocument {
  /** The kind of document, `publication`. */
  document: 'publication'
  /** What no digest covers: who sent it, and a signature. */
  envelope?: Envelope
  /** What binds everything else. */
  head: Head
  /** The language version, `bareme/1`. */
  language: 'bareme/1'
  /** The methodologies, whole, each after those that it pins; the root last. */
  methodologies: MethodologyDocument[]
  /** The reference document; left out when the inputs are. */
  reference?: ReferenceDocument
  /** The scores of groups, by roll-up. */
  roll_ups?: Record<string, RollUpGroup[]>
  /** The territories, by increasing id. */
  rows: RowRecord[]
  /** The digest of the head: the publication's digest. */
  sha256: string
}

/** How a signature is made. */
export type Algorithm =
  /** Ed25519, RFC 8032. */
  | 'ed25519'

/** A criterion. */
export interface CriterionRecord {
  /** The mark, rounded to binary64. */
  mark?: number
  /** The raw value, rounded to binary64. */
  raw?: number
  /** The state of the raw value, `present` when left out. */
  state?: State
}

/** What no digest covers. */
export interface Envelope {
  /** What wrote the publication. */
  package?: Package
  /** On what it was written. */
  platform?: string
  /** Who vouches for the publication's digest. */
  signature?: Signature
  /** When, as told by whoever asked for it: RFC 3339. */
  time?: string
}

/** Something there is to know about a territory's score. */
export interface FlagRecord {
  /** What. */
  code: FlagCode
  /** The network. */
  network?: string
  /** Why. */
  reason?: string
  /** Of what. */
  subject?: string
}

/** What binds a publication together; the publication's digest is the head's. */
export interface Head {
  /** The digest of the cohort. */
  cohort_sha256: string
  /** Whether the rows hold their inputs or a digest of them. */
  inputs: Inputs
  /** The language version, `bareme/1`. */
  language: 'bareme/1'
  /** The root methodology. */
  methodology: MethodologyName
  /** What the publisher wants known. */
  notes?: string[]
  /** The period of the metrics. */
  period?: PeriodRecord
  /** The other methodologies, in the order of the documents. */
  pinned?: MethodologyName[]
  /** The vintages of the populations, increasing. */
  population_vintages?: string[]
  /** The previous period. */
  previous_period?: PeriodRecord
  /** The digest of the reference document. */
  reference_sha256: string
  /** The digest of the roll-ups. */
  roll_ups_sha256?: string
  /** The number of rows. */
  rows: number
  /** The root of the Merkle tree of the rows' digests. */
  rows_root: string
  /** Of an erratum, what it replaces. */
  supersedes?: Supersedes
  /** Are the cohort's numbers invented? No when left out. */
  synthetic?: boolean
}

/** An index: `score` and `published`, or `state`. */
export interface IndexRecord {
  /** The exact value rounded to the methodology's decimals. */
  published?: string
  /** The exact value rounded to binary64. */
  score?: number
  /** Why there is no value. */
  state?: State
  /** The applied weights of its children, in the methodology's order. */
  weights?: number[]
}

/** What the rows say of their inputs. */
export type Inputs =
  /** Everything: a publication is open data. */
  | 'included'
  /** A digest of them. */
  | 'digest'

/** A methodology named beyond doubt, with what it claims to be. */
export interface MethodologyName {
  /** The digest of its whole document. */
  document_sha256: string
  /** Its id. */
  id: string
  /** Its method digest. */
  method_sha256: string
  /** The weakest claim of it and of those that it pins. */
  status: Status
  /** Its version. */
  version: string
}

/** A package. */
export interface Package {
  /** Its name. */
  name: string
  /** Its version. */
  version: string
}

/** What a pinned methodology gives a territory. */
export interface PartRecord {
  /** The criteria that say something, by indicator and network; the network is empty when there is none. */
  criteria?: Record<string, Record<string, CriterionRecord>>
  /** What there is to know about it. */
  flags?: FlagRecord[]
  /** The pinned methodology's id. */
  id: string
  /** The root, and every other index that has a value, by id. */
  indices: Record<string, IndexRecord>
  /** What the methodologies that it pins give the territory. */
  parts?: PartRecord[]
  /** The stratum; left out when the territory belongs to none. */
  stratum?: string
  /** Its version. */
  version: string
}

/** What a methodology gives a territory. */
export interface ResultRecord {
  /** The criteria that say something, by indicator and network; the network is empty when there is none. */
  criteria?: Record<string, Record<string, CriterionRecord>>
  /** What there is to know about it. */
  flags?: FlagRecord[]
  /** Its grade. */
  grade?: string
  /** The root, and every other index that has a value, by id. */
  indices: Record<string, IndexRecord>
  /** What the methodologies that are pinned give it. */
  parts?: PartRecord[]
  /** The place and the number ranked, by view and group. */
  ranks?: Record<string, Record<string, number[]>>
  /** Its stratum; left out when it belongs to none. */
  stratum?: string
}

/** The score of a group. */
export interface RollUpGroup {
  /** The group. */
  group: string
  /** The number of members left out. */
  left_out: number
  /** The number of members that count. */
  members: number
  /** The same, rounded to the methodology's decimals. */
  published?: string
  /** The weighted mean of the members' scores. */
  score?: number
}

/** What a publication says of one territory. */
export interface RowRecord {
  /** Its accounts as the cohort has them. */
  accounts?: AccountRecord[]
  /** The digest of the inputs, when they are not included. */
  inputs_sha256?: string
  /** The method digest of the root methodology. */
  method_sha256: string
  /** Its accounts of the previous period. */
  previous?: AccountRecord[]
  /** What the methodology gives the territory. */
  result: ResultRecord
  /** The digest of the row without this member. */
  sha256: string
  /** What the root methodology claims to be. */
  status: Status
  /** Are the numbers invented? No when left out. */
  synthetic?: boolean
  /** The territory as the cohort has it; only id, name and structure type without the inputs. */
  territory: TerritoryRecord
}

/** A signature of a publication's digest. */
export interface Signature {
  /** How it is made. */
  algorithm: Algorithm
  /** The public key, 64 hexadecimal digits. */
  public_key: string
  /** The signature, 128 hexadecimal digits. */
  signature: string
}

/** The publication that an erratum replaces. */
export interface Supersedes {
  /** Why it is replaced. */
  reason: string
  /** Its digest. */
  sha256: string
}

/** One row of a publication, and what proves that it belongs to it. */
export interface ReceiptDocument {
  /** The kind of document, `receipt`. */
  document: 'receipt'
  /** The publication's envelope. */
  envelope?: Envelope
  /** The publication's head. */
  head: Head
  /** The language version, `bareme/1`. */
  language: 'bareme/1'
  /** The publication's methodologies. */
  methodologies: MethodologyDocument[]
  /** What leads from the row to the root in the head. */
  proof: Proof
  /** The publication's reference; may be left out to make the receipt small. */
  reference?: ReferenceDocument
  /** The territory's row. */
  row: RowRecord
  /** The publication's digest. */
  sha256: string
}

/** What leads from a row to the root: RFC 9162, section 2.1.3. */
export interface Proof {
  /** The row's place, from 0. */
  index: number
  /** The hashes that are missing, from the leaf upwards. */
  path: string[]
}

/** What a verification says. */
export interface VerificationReport {
  /** Was its text canonical? If not, its values were verified all the same. */
  canonical: boolean
  /** What was checked. */
  checks: Check[]
  /** The depth reached: 1 integrity, 2 recomputation from the reference, 3 from the cohort. */
  depth: number
  /** The number of disagreements. */
  disagreement_count: number
  /** The disagreements, by step; no more than were asked for. */
  disagreements: Disagreement[]
  /** The kind of document, `verification`. */
  document: 'verification'
  /** Does it hold its inputs? */
  inputs: Inputs
  /** The language version, `bareme/1`. */
  language: 'bareme/1'
  /** The methodology that it names. */
  methodology: MethodologyName
  /** What was verified: `publication` or `receipt`. */
  of: 'publication' | 'receipt'
  /** The digest of its head. */
  sha256: string
  /** Who signed it. */
  signature?: SignatureReport | null
  /** Of a receipt, the territory. */
  territory?: string | null
  /** Is there no disagreement? */
  verified: boolean
}

/** One thing that was checked, or could not be. */
export interface Check {
  /** What. */
  check: CheckName
  /** How many things were compared. */
  compared: number
  /** What came of it. */
  outcome: Outcome
  /** In words. */
  text: Text
}

/** What is checked, in this order. */
export type CheckName =
  /** the digest of the head */
  | 'head'
  /** the signature */
  | 'signature'
  /** the methodologies are those of the head */
  | 'methodologies'
  /** the methodologies are those that this package knows */
  | 'known_methodologies'
  /** the reference is that of the head */
  | 'reference_digest'
  /** the scores of groups are those of the head */
  | 'roll_ups_digest'
  /** the digests and the order of the rows */
  | 'rows'
  /** the tree of rows leads to the head */
  | 'root'
  /** the inputs are those of the head */
  | 'cohort'
  /** every score, recomputed from the reference */
  | 'scores'
  /** the reference, recomputed from the cohort */
  | 'reference'
  /** every score and rank, recomputed from the cohort */
  | 'full'

/** A value that is not what it should be. */
export interface Disagreement {
  /** The depth at which it was found. */
  depth: number
  /** What should stand there; nothing when nothing should. */
  expected?: Shown | null
  /** How many further values of the same row differ; they may all follow from this one. */
  following?: number
  /** What stands there; nothing when nothing does. */
  found?: Shown | null
  /** Where: a JSON Pointer into what was verified. */
  pointer: string
  /** The first step that differs. */
  step: Step
  /** Whose, when it is one territory's. */
  territory?: string | null
  /** In words. */
  text: Text
}

/** What came of a check. */
export type Outcome =
  /** Everything agrees. */
  | 'agrees'
  /** Something does not. */
  | 'differs'
  /** It could not be checked; the text says why. */
  | 'not_checked'

/** A value as it is shown. */
export interface Shown {
  /** Of a number, its binary64: 16 hexadecimal digits, the most significant first. */
  bits?: string | null
  /** As text, shortened when it is long. */
  text: string
}

/** Who signed. */
export interface SignatureReport {
  /** Is the key one of those that were given? None when none was. */
  known: boolean | null
  /** The public key, 64 hexadecimal digits. */
  public_key: string
  /** Is the signature one of this publication by this key? */
  valid: boolean
}

/** The steps from an input to what is published, in order. */
export type Step =
  /** the integrity */
  | 'integrity'
  /** the methodology */
  | 'methodology'
  /** the inputs */
  | 'metric'
  /** the stratum */
  | 'stratum'
  /** the raw value of a criterion */
  | 'raw'
  /** a statistic of the reference */
  | 'bound'
  /** the mark of a criterion */
  | 'mark'
  /** an applied weight */
  | 'weight'
  /** the value of an index */
  | 'index'
  /** the published rounding */
  | 'rounding'
  /** a rank */
  | 'rank'
  /** the grade */
  | 'grade'
  /** a flag */
  | 'flag'
  /** the score of a group */
  | 'roll_up'

/** A text for people, in French and in English. */
export interface Text {
  /** English. */
  en: string
  /** French. */
  fr: string
}

/** Why there is no value, or `present`. */
export type State = 'present' | 'raw_zero' | 'imputed' | 'insufficient' | 'absent' | 'unknown' | 'undefined' | 'ineligible' | 'outside_strata' | 'refused'

/** What there is to know about a score. */
export type FlagCode = 'absent' | 'ineligible' | 'outside_strata' | 'stratum_override' | 'unknown' | 'undefined' | 'raw_zero' | 'imputed' | 'group_unknown' | 'alone' | 'fallback' | 'insufficient' | 'stranger' | 'refused'
