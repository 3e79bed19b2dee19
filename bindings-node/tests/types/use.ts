// What users write, compiled with `--strict`; what they must not write is marked.
import {
  BaremeError, Cohort, Methodology, Publication, Reference, Scoring, catalogue, errorCodes, language, methodology, schema, verify, version,
  type AccountInput, type CohortDocument, type CohortInput, type ErrorCode, type Fault, type ScoringDocument, type Status, type TerritoryScore,
} from 'bareme'
import cohortSchema from 'bareme/schemas/cohort.schema.json' with { type: 'json' }

const official: Methodology = methodology('observatoire-instagram@2017.10')
const status: Status = official.status
const decimals: number = official.document.publication.decimals
const names: string[] = catalogue().map(({ id, version }) => `${id}@${version}`)

const account: AccountInput = { territory: '06083', network: 'instagram', metrics: { followers: 1n, posts: null, likes: undefined } }
const input: CohortInput = { territories: [{ id: '06083', name: 'Menton', structure_type: 'commune' }], accounts: [account] }
declare const document: CohortDocument
Cohort.from(document)
Cohort.from(input)
Cohort.from('{}')
Cohort.from(new Uint8Array())
// @ts-expect-error a number is no id
Cohort.from({ territories: [{ id: 6083, name: 'Menton', structure_type: 'commune' }], accounts: [] })
// @ts-expect-error a name is missing
Cohort.from({ territories: [{ id: '06083', structure_type: 'commune' }], accounts: [] })
// @ts-expect-error a metric is a number
const wrong: AccountInput = { territory: '06083', network: 'instagram', metrics: { followers: '12k' } }

const scoring: Scoring = official.score(input)
const one: TerritoryScore = scoring.territory('Menton')
const published: string | null = one.indices[0]!.published
const state = one.criteria[0]!.state
if (state === 'present' || state === 'absent') void 0
// @ts-expect-error no such state
if (state === 'missing') void 0
const whole: ScoringDocument = scoring.document()
const marks: Float64Array = scoring.indicators({ columns: true }).mark
const texts: string[] = scoring.indicators({ columns: true }).territory
const rank: number | null = scoring.ranking({ by: 'most-followed', within: 'cohort' })[0]!.rank
const column = scoring.scores({ columns: true })['performance.score']

async function later(signal: AbortSignal): Promise<Scoring> {
  return official.scoreAsync(input, { signal, onProgress: (done: number, total: number) => void (done / total) })
}

const reference: Reference = scoring.reference()
const alone: TerritoryScore = reference.score({ id: '06083', name: 'Menton', structure_type: 'commune', accounts: [{ network: 'instagram', metrics: {} }] })
const publication: Publication = scoring.publication({ notes: ['x'], supersedes: { sha256: '', reason: '' } })
// @ts-expect-error no such choice
scoring.publication({ inputs: 'some' })
const verified: boolean = verify(publication, { cohort: input, reference }).verified
const first = publication.document().rows[0]!.result.indices['performance']?.published

try {
  methodology('x')
} catch (error) {
  if (error instanceof BaremeError) {
    const code: ErrorCode = error.code
    const fault: Fault = error.faults[0]
    switch (fault.code) {
      case 'unknown_methodology':
        break
      // @ts-expect-error no such code
      case 'weather':
        break
    }
    if (fault.cell !== undefined) void (fault.cell.row + fault.cell.column)
    else if (fault.position !== undefined) void fault.position.line
    else void fault.pointer.length
    void [code, fault.meaning.fr, error.lines('fr'), error.omitted, error.cause]
  }
}
// @ts-expect-error made by static methods only
new Cohort()
// @ts-expect-error only what is there
void errorCodes.weather
const table = Cohort.fromTable({ territory: ['06083'], followers: Float64Array.of(1), network: { texts: ['x'], codes: Uint32Array.of(0) } }, { methodology: official })
Cohort.fromTable([{ territory: '06083', followers: 1n }], { methodology: official, ignoreUnknown: true }).ignored[0]?.text.fr
// @ts-expect-error the methodology is missing
Cohort.fromCsv('a,b', {})
official.variant({ publication: { decimals: 2 } }).variant('{}')
const known: Record<string, unknown> = schema('cohort')
const perhaps: Record<string, unknown> | undefined = schema('weather' as string)

void [status, decimals, names, wrong, published, whole, marks, texts, rank, column, later, alone, verified, first, table, known, perhaps, language, version, cohortSchema]
