/**
 * Scores of territories on social media that anyone can recompute, bit for bit, from a published methodology.
 *
 * ```js
 * import { Cohort, methodology } from 'bareme'
 *
 * const scoring = methodology('observatoire-instagram@2017.10').score({ period, territories, accounts })
 * scoring.territory('06083').indices[0].published
 * ```
 *
 * Documents (methodologies, cohorts, references, publications, receipts) are given as text, as bytes or as objects. Their
 * members are called as the specification calls them, in every language: `structure_type`, `method_sha256`.
 *
 * **Numbers** mean the decimal that they print as. `null`, `undefined` and `NaN` are a number that is not known; an
 * infinity, and an integer beyond ±(2^53 - 1), which JavaScript may have rounded, are faults. A `bigint` is taken exactly,
 * or refused. A string that holds half of a surrogate pair is refused.
 *
 * **Errors** are {@link BaremeError}: all faults of an input at once, each with a code, a place, what was expected and what
 * to do, in French and in English. Nothing here needs the network, reads a clock or a file.
 */
import type {
  CohortDocument,
  Head,
  MethodologyDocument,
  MethodologyRef,
  PublicationDocument,
  ReceiptDocument,
  ReferenceDocument,
  ScoringDocument,
  State,
  Status,
  TerritoryScore,
  Texts,
  VerificationReport,
} from './documents.js'

export type * from './documents.js'

// ---- errors

/** What is wrong: the codes of the specification, the same in every language. */
export type ErrorCode =
  | 'json_syntax'
  | 'duplicate_key'
  | 'lone_surrogate'
  | 'number_not_representable'
  | 'limit_exceeded'
  | 'unknown_field'
  | 'missing_field'
  | 'wrong_type'
  | 'unknown_value'
  | 'language_unsupported'
  | 'invalid_id'
  | 'duplicate_id'
  | 'out_of_range'
  | 'text_without_french'
  | 'unknown_reference'
  | 'formula_syntax'
  | 'unused'
  | 'weights_zero'
  | 'bounds_order'
  | 'strata_overlap'
  | 'strata_gap'
  | 'cycle'
  | 'pin_mismatch'
  | 'negative_marks'
  | 'not_allowed_here'
  | 'network_missing'
  | 'provenance_missing'
  | 'period_length'
  | 'empty_cohort'
  | 'duplicate_territory'
  | 'unknown_territory'
  | 'duplicate_account'
  | 'former_id_shared'
  | 'lost_leading_zero'
  | 'unknown_structure_type'
  | 'unknown_network'
  | 'unknown_metric'
  | 'unknown_stratum'
  | 'missing_metric'
  | 'negative_value'
  | 'fractional_count'
  | 'infinite_value'
  | 'not_a_number'
  | 'invalid_date'
  | 'period_missing'
  | 'period_conflict'
  | 'override_without_reason'
  | 'stratum_not_found'
  | 'table_syntax'
  | 'unknown_column'
  | 'missing_column'
  | 'duplicate_column'
  | 'conflicting_rows'
  | 'column_length'
  | 'unknown_methodology'
  | 'unknown_view'
  | 'territory_not_found'
  | 'ambiguous_territory'
  | 'cancelled'
  | 'internal'

/** A text for people, in French and in English. */
export interface Bilingual {
  fr: string
  en: string
}

/** A cell of a table. Rows count from 1; in a file, the header is row 1; in columns, the first cell is. */
export interface Cell {
  row: number
  column: string
  /** `territories` in the second of two tables. */
  table?: 'territories'
}

/** A place in a text, from 1. */
export interface Position {
  line: number
  column: number
}

/** Where a fault is: a JSON Pointer (`''` for the whole document, or a request), a cell or a position. */
export type Place =
  | { pointer: string; cell?: undefined; position?: undefined }
  | { pointer?: undefined; cell: Cell; position?: undefined }
  | { pointer?: undefined; cell?: undefined; position: Position }

/** One thing that is wrong with an input. */
export type Fault = Place & {
  /** The stable code. */
  readonly code: ErrorCode
  /** The offending value, shortened; empty when there is none. */
  readonly value: string
  /** What the code means. */
  readonly meaning: Bilingual
  /** What was expected. */
  readonly expected: Bilingual
  /** What to do. */
  readonly advice: Bilingual
  /** All of it, on one line. */
  readonly line: Bilingual
}

/** What is wrong with an input, all at once. */
export class BaremeError extends Error {
  private constructor()
  readonly name: 'BaremeError'
  /** The code of the first fault. `internal` is an error of ours; `cancelled` a task that was stopped. */
  readonly code: ErrorCode
  /** The faults, in the order in which they were found; at least one. */
  readonly faults: readonly [Fault, ...Fault[]]
  /** How many more there are; only a thousand are kept. */
  readonly omitted: number
  /** Of `cancelled`, the signal's reason or what `onProgress` threw; of `internal`, what was thrown inside. */
  readonly cause?: unknown
  /** The faults in words, a line for each. */
  lines(language?: 'fr' | 'en'): string[]
}

/** Every code of a fault, and what it means. */
export const errorCodes: Readonly<Record<ErrorCode, Bilingual>>

// ---- inputs

/** A document, as text, as bytes (UTF-8), or as an object. */
export type DocumentInput<Document> = string | Uint8Array | ArrayBuffer | Document

/** A number, or one that is not known: `null`, `undefined` or `NaN`, which are the same. */
export type Quantity = number | bigint | null | undefined

/** A period between two dates, `YYYY-MM-DD`: `from` is its first day, `to` the day after its last. */
export interface PeriodInput {
  from: string
  to: string
}

/** A public body. */
export interface TerritoryInput {
  /** Its id, unique in the cohort, such as an INSEE or SIREN code. A string: `'01001'`, never `1001`. */
  id: string
  /** Its name. */
  name: string
  /** The kind of public body, by the methodology's id. */
  structure_type: string
  /** Inhabitants, a whole number. */
  population?: Quantity
  /** The census that the population is from, such as its year. */
  population_vintage?: string
  /** Its department. */
  department?: string
  /** Its region. */
  region?: string
  /** Further numbers by the methodology's names. */
  attributes?: Readonly<Record<string, Quantity>>
  /** The stratum set by hand, and why: it is flagged in every output. */
  stratum?: { id: string; reason: string }
  /** The ids that it had in the previous period, its own when left out. */
  formerly?: readonly string[]
}

/** A territory's presence on one network. A territory without an account on a network is absent there. */
export interface AccountInput {
  /** The id of the territory. */
  territory: string
  /** The network, by the methodology's id: `'instagram'`. */
  network: string
  /** Numbers by the methodology's names: `{ followers: 18700, posts: 31 }`. */
  metrics: Readonly<Record<string, Quantity>>
  /** Is it the main one of several that the territory has on the network? */
  main?: boolean
}

/** The territories and accounts compared with one another for one period; `CohortDocument` is one of them. */
export interface CohortInput {
  language?: 'bareme/1'
  document?: 'cohort'
  /** The period over which the metrics were taken. */
  period?: PeriodInput
  /** The territories, in any order. */
  territories: readonly TerritoryInput[]
  /** Their accounts, in any order. */
  accounts: readonly AccountInput[]
  /** The accounts of the previous period, for methodologies that measure growth. */
  previous?: { period?: PeriodInput; accounts: readonly AccountInput[] }
  /** Are the numbers invented? Every output repeats it. */
  synthetic?: boolean
}

/** A territory with its accounts, to be scored alone. */
export interface TerritoryWithAccounts extends TerritoryInput {
  /** Its accounts, which need not say whose they are. */
  accounts?: readonly (Omit<AccountInput, 'territory'> & { territory?: string })[]
  /** Those of the previous period. */
  previous?: { period?: PeriodInput; accounts: readonly (Omit<AccountInput, 'territory'> & { territory?: string })[] }
  /** The period, which must be the reference's; that one when left out. */
  period?: PeriodInput
  /** Are the numbers invented? */
  synthetic?: boolean
}

// ---- methodologies

/** The methodologies that the package embeds, by id, then by version. */
export function catalogue(): MethodologyRef[]

/**
 * The embedded methodology of this name, `id@version`. An id alone is refused: what is computed today must be computable
 * tomorrow, when there is a newer version.
 *
 * @throws {BaremeError} `unknown_methodology`, with those that there are
 */
export function methodology(name: string): Methodology

/** A sound methodology document. */
export class Methodology {
  private constructor()
  /**
   * Reads a methodology document, which may pin some of `others`.
   *
   * @throws {BaremeError} every fault of its text, its shape and its meaning, each with its JSON Pointer
   */
  static fromJson(document: DocumentInput<MethodologyDocument>, options?: { others?: readonly Methodology[] }): Methodology
  readonly id: string
  /** A string, compared byte by byte: `2017.10` is not `2017.1`. */
  readonly version: string
  /** What it claims to be: the weakest claim of its document and of those that it pins. */
  readonly status: Status
  readonly title: Texts
  /** SHA-256 of the method alone, without what only speaks to people: what pins and results carry. */
  readonly methodSha256: string
  /** SHA-256 of the whole document, in canonical form. */
  readonly documentSha256: string
  /** The document; frozen. */
  readonly document: Readonly<MethodologyDocument>
  /** The methodologies that it pins, each once. */
  readonly pinned: Methodology[]
  /** The document in canonical form (RFC 8785). */
  toJson(): string
  /**
   * Another methodology: this one changed by a JSON Merge Patch (RFC 7396), in which `null` removes a member. Its status
   * becomes `variant`; a patch that gives no version gets this one's with `+variant`.
   *
   * @throws {BaremeError} the faults of the patch, or of the changed document
   */
  variant(patch: DocumentInput<Record<string, unknown>>): Methodology
  /**
   * Scores a cohort, on this thread, which waits when others are asked to help.
   *
   * @throws {BaremeError} every fault of the cohort, and of the cohort under this methodology
   */
  score(cohort: Cohort | DocumentInput<CohortInput>, options?: { threads?: number }): Scoring
  /**
   * Scores a cohort on another thread; of text and bytes, the reading too.
   *
   * Rejects with a {@link BaremeError}: as {@link score}, or `cancelled` when the signal aborts or `onProgress` throws.
   */
  scoreAsync(cohort: Cohort | DocumentInput<CohortInput>, options?: ScoreOptions): Promise<Scoring>
}

/** How a scoring on another thread is followed and stopped. */
export interface ScoreOptions {
  /** On how many threads, 1 when left out; the scores are the same to the last bit. */
  threads?: number
  /** Stops the work. */
  signal?: AbortSignal
  /** Is told from time to time, and at the end, how much is done of how much; the units are arbitrary. */
  onProgress?: (done: number, total: number) => void
}

// ---- cohorts

/** What a table is read with. */
export interface TableOptions {
  /** The methodology, whose ids and labels headers and cells may hold. */
  methodology: Methodology
  /** The period, when the table does not give it. */
  period?: PeriodInput
  /** Should columns and networks that the methodology does not know be left out? See {@link Cohort.ignored}. */
  ignoreUnknown?: boolean
}

/** A cell of a row, or of a column that is an array. */
export type CellInput = string | number | bigint | boolean | null | undefined

/** The cells of a column. Typed arrays are read where they are; `NaN` in them is not known. */
export type ColumnInput =
  | readonly CellInput[]
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  /** Texts of which few differ: the place of each row's text, 0xffffffff for none. */
  | { texts: readonly string[]; codes: Uint32Array }

/** A table: columns by name, or rows. */
export type TableInput = Readonly<Record<string, ColumnInput>> | readonly Readonly<Record<string, CellInput>>[]

/** Something that was left out because the methodology does not know it. */
export interface Ignored {
  kind: 'column' | 'network' | 'metric' | 'attribute'
  /** Its id, or the header of a column. */
  name: string
  /** How many cells, accounts or known numbers it had. */
  count: number
  text: Bilingual
}

/** The territories and accounts compared with one another for one period. */
export class Cohort {
  private constructor()
  /** From a document or from objects, whichever it is given. */
  static from(cohort: DocumentInput<CohortInput>): Cohort
  /** @throws {BaremeError} every fault of its text, its shape and its rows, each with its JSON Pointer */
  static fromJson(document: DocumentInput<CohortDocument>): Cohort
  /** @throws {BaremeError} every fault of the objects, each with its JSON Pointer: `/territories/0/population` */
  static fromObjects(cohort: CohortInput): Cohort
  /**
   * From columns, or from rows: one long table, a row for each territory and network; or one of accounts, and one of
   * territories in `territories`. Columns are `territory`, `name`, `structure_type`, `population`, `population_vintage`,
   * `department`, `region`, `stratum`, `stratum_reason`, `from`, `to`, `network`, `main`, `synthetic`, and the methodology's
   * metrics and attributes, by id or label; `previous.` and a metric for the previous period. A name that begins with `_` is
   * ignored.
   *
   * @throws {BaremeError} every fault, each with its row and column
   */
  static fromTable(table: TableInput, options: TableOptions & { territories?: TableInput }): Cohort
  /** From the CSV of one long table, or of two: comma, semicolon or tab. */
  static fromCsv(csv: string | Uint8Array, options: TableOptions & { territories?: string | Uint8Array }): Cohort
  /** The number of territories. */
  readonly size: number
  /** The digest of its content, whatever the order of its rows. */
  readonly sha256: string
  readonly period: PeriodInput | undefined
  /** Are its numbers invented? */
  readonly synthetic: boolean
  /** The networks on which there is an account. */
  readonly networks: string[]
  /** What was left out of it because a methodology did not know it. */
  readonly ignored: readonly Ignored[]
  /** @throws {BaremeError} every fault of the cohort under a methodology, which scoring would find too */
  check(methodology: Methodology): void
  /** The cohort without the networks, metrics and attributes that a methodology does not know. */
  restrictedTo(methodology: Methodology): Cohort
  /** The cohort document in canonical form. */
  toJson(): string
}

// ---- scorings

/** Which ranking. */
export interface RankingOptions {
  /** A view of the methodology, by its id or its label: `'most-followed'`; its first one when left out. */
  by?: string
  /** `'cohort'`, or `'stratum'`, `'structure_type'`, `'department'`, `'region'`, or several: `'stratum+region'`. */
  within?: string
}

/** A value of a row of results; `null` where there is none. */
export type CellValue = string | number | boolean | null

/** What every row of results says of its method. */
export interface MethodRow {
  synthetic: boolean
  methodology: string
  version: string
  status: Status
  method_sha256: string
}

/** What rows of results say of a territory. */
export interface TerritoryRow {
  territory: string
  name: string
  structure_type: string
  stratum: string | null
  department: string | null
  region: string | null
}

/**
 * A row of {@link Scoring.scores}; beside these, `‹index›.score` and `‹index›.published` of each index, the root first, and
 * `‹view›.‹within›.rank` and `‹view›.‹within›.of` of each ranking.
 */
export interface ScoreRow extends TerritoryRow, MethodRow {
  /** Where the methodology gives grades. */
  grade?: string | null
  /** What there is to know, separated by ` | `. */
  flags: string
  [column: string]: CellValue | undefined
}

/** A row of {@link Scoring.indicators}. */
export interface IndicatorRow extends MethodRow {
  territory: string
  network: string | null
  indicator: string
  /** The index directly above. */
  index: string | null
  raw: number | null
  state: State
  mark: number | null
  /** In the index above, as applied. */
  weight: number | null
}

/** A row of {@link Scoring.ranking}. */
export interface RankingRow extends TerritoryRow, MethodRow {
  /** The place, from 1; `null` for the unranked, who come last. */
  rank: number | null
  /** The number of ranked territories in the group. */
  of: number | null
  /** Where an index orders the view: its score, and the score as published. */
  score?: number | null
  published?: string | null
  /** Where a criterion does: its raw value. */
  raw?: number | null
}

/** Results as columns: numbers in typed arrays, `NaN` where there is none; texts in arrays, `null` where there is none. */
export type ColumnsOf<Row> = { [Name in keyof Row]: Row[Name] extends number | null | undefined ? Float64Array : Row[Name][] }

/** A cohort scored by a methodology. What it says of territories is computed when it is asked for. */
export class Scoring {
  private constructor()
  readonly methodology: Methodology
  readonly cohort: Cohort
  /** The number of territories. */
  readonly size: number
  /** The scores and ranks, a row for each territory in the cohort's order. */
  scores(options?: { columns?: false }): ScoreRow[]
  scores(options: { columns: true }): Record<string, Float64Array | CellValue[]>
  /** The criteria, a row for each territory and criterion, those of pinned methodologies included. */
  indicators(options?: { columns?: false }): IndicatorRow[]
  indicators(options: { columns: true }): ColumnsOf<IndicatorRow>
  /**
   * One ranking, the best of each group first.
   *
   * @throws {BaremeError} `unknown_view`, `unknown_value`
   */
  ranking(options?: RankingOptions & { columns?: false }): RankingRow[]
  ranking(options: RankingOptions & { columns: true }): ColumnsOf<RankingRow>
  /**
   * Everything about one territory, by its id or, whatever the case and accents, its name.
   *
   * @throws {BaremeError} `territory_not_found`, `ambiguous_territory`
   */
  territory(idOrName: string): TerritoryScore
  /** Everything about some territories; cheaper than one at a time. */
  territories(idsOrNames: Iterable<string>): TerritoryScore[]
  /** The statistics with which one territory is scored alone. */
  reference(): Reference
  /** @throws {BaremeError} the faults of the options, at their names: `/notes/0` */
  publication(options?: PublicationOptions): Publication
  /** The receipt of one territory, by its id or its name, out of the publication with these options. */
  receipt(territory: string, options?: PublicationOptions & { reference?: boolean }): Receipt
  /** The scoring document: everything about every territory. */
  document(): ScoringDocument
  /** The same as JSON text. */
  toJson(): string
  /** The same as UTF-8, also where it is longer than a string may be. */
  toBytes(): Uint8Array
}

// ---- references

/** The published statistics of a cohort: with it, one territory is scored and ranked alone, to the same bits. */
export class Reference {
  private constructor()
  /**
   * Reads a reference document. Without `methodology`, the embedded one that it names is taken.
   *
   * @throws {BaremeError} the faults of the document; `pin_mismatch` when it is of another methodology
   */
  static fromJson(document: DocumentInput<ReferenceDocument>, methodology?: Methodology): Reference
  readonly methodology: Methodology
  /** SHA-256 of the document, in canonical form. */
  readonly sha256: string
  /** Were the numbers of the cohort invented? */
  readonly synthetic: boolean
  /** Was the territory with this id a member of the cohort? */
  isMember(territory: string): boolean
  /**
   * Scores one territory by its accounts alone, in microseconds. A member's entry in the cohort counts as its own; who was
   * no member is flagged `stranger`.
   *
   * @throws {BaremeError} the faults of the territory, with pointers into it
   */
  score(territory: TerritoryWithAccounts): TerritoryScore
  /** Scores each territory of a cohort alone. */
  scoreEach(cohort: Cohort | DocumentInput<CohortInput>): ScoringDocument
  /** The document in canonical form. */
  toJson(): string
}

// ---- publications

/** What a publisher may choose. */
export interface PublicationOptions {
  /** Whether rows hold their inputs, as open data should (`included`, when left out), or only a digest of them. */
  inputs?: 'included' | 'digest'
  /** What readers must know. */
  notes?: readonly string[]
  /** Of an erratum, the digest of the publication that it replaces, and why. */
  supersedes?: { sha256: string; reason: string }
  /** When it is published, as the publisher tells: RFC 3339. In the envelope, outside the digest. */
  time?: string
  /** An Ed25519 private key, PKCS#8 in PEM, to sign with. */
  sign?: string
}

/** The open-data document of a scoring: the same bytes whoever writes it, but for its envelope. */
export class Publication {
  private constructor()
  /** @throws {BaremeError} every fault of its shape; that something in it is wrong is for {@link verify} to find */
  static fromJson(document: DocumentInput<PublicationDocument>): Publication
  /** Its digest: that of its head. */
  readonly sha256: string
  readonly head: Head
  readonly methodology: Methodology
  /**
   * The publication as a table for spreadsheets, in CSV: the bytes that anybody's would be. With `decimalComma`,
   * cells stand between semicolons, as a French spreadsheet opens it.
   */
  sheet(options?: { decimalComma?: boolean }): string
  /**
   * The receipt of one territory, by its id or its name. Without the reference it is small, and needs it to be verified by its values.
   *
   * @throws {BaremeError} `territory_not_found`
   */
  receipt(territory: string, options?: { reference?: boolean }): Receipt
  document(): PublicationDocument
  /** The document in canonical form. */
  toJson(): string
  /** The same as UTF-8, also where it is longer than a string may be. */
  toBytes(): Uint8Array
}

/** One row of a publication, and what proves that it belongs to it. */
export class Receipt {
  private constructor()
  /** @throws {BaremeError} every fault of its shape */
  static fromJson(document: DocumentInput<ReceiptDocument>): Receipt
  /** The publication's digest. */
  readonly sha256: string
  /** The territory's id. */
  readonly territory: string
  readonly methodology: Methodology
  document(): ReceiptDocument
  /** The document in canonical form. */
  toJson(): string
}

/** What a verifier brings along. */
export interface VerifyOptions {
  /** The cohort, for a full recomputation; a publication that includes its inputs gives its own. */
  cohort?: Cohort | DocumentInput<CohortInput>
  /** The reference, for a receipt that does not carry it. */
  reference?: Reference | DocumentInput<ReferenceDocument>
  /** The public keys that may have signed: 64 hexadecimal digits, or PEM. With any, one of them must have. */
  keys?: readonly string[]
  /** Methodologies that are known besides those that the package embeds. */
  known?: readonly Methodology[]
  /** How many disagreements to report, 100 when left out; all are counted. */
  disagreements?: number
}

/**
 * Verifies a publication or a receipt as deeply as it can be: digests, signature, every score and rank.
 *
 * @throws {BaremeError} the faults of a document that cannot be read. That something does not agree is no error: `verified`
 * is false, and the disagreements say whose, where and at which step.
 */
export function verify(
  document: Publication | Receipt | DocumentInput<PublicationDocument | ReceiptDocument>,
  options?: VerifyOptions,
): VerificationReport

// ---- schemas and versions

/** The kinds of documents that have a JSON Schema. */
export type SchemaName = 'methodology' | 'cohort' | 'scoring' | 'reference' | 'publication' | 'receipt' | 'verification'

/** The JSON Schema (draft 2020-12) of a kind of document; also `bareme/schemas/cohort.schema.json`. */
export function schema(name: SchemaName): Record<string, unknown>
export function schema(name: string): Record<string, unknown> | undefined

/** The version of this package. */
export const version: string

/** The version of the language of documents. */
export const language: 'bareme/1'
