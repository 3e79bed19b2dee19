import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as bareme from 'bareme'
import { BaremeError, Cohort, Methodology, Publication, Receipt, Reference, Scoring, catalogue, methodology, schema } from 'bareme'
import { METHODOLOGY, pair, read, said } from './support.js'

test('the catalogue names what it embeds', () => {
  const names = catalogue().map(({ id, version }) => `${id}@${version}`)
  assert.ok(names.includes(METHODOLOGY))
  for (const name of names) assert.equal(methodology(name).methodSha256.length, 64)
  assert.deepEqual(said(() => methodology('observatoire-instagram')), ['unknown_methodology '])
})

test('a methodology says what it is', () => {
  const official = methodology(METHODOLOGY)
  assert.equal(official.id, 'observatoire-instagram')
  assert.equal(official.version, '2017.10')
  assert.equal(official.status, 'reconstruction')
  assert.ok(official.title.fr)
  assert.equal(official.document.indicators.length > 2, true)
  assert.throws(() => (official.document.id = 'x'), TypeError)
  assert.equal(Methodology.fromJson(official.toJson()).documentSha256, official.documentSha256)
  assert.equal(Methodology.fromJson(Buffer.from(official.toJson())).documentSha256, official.documentSha256)
  assert.equal(Methodology.fromJson(official.document).documentSha256, official.documentSha256)
  assert.equal(Methodology.fromJson(new TextEncoder().encode(official.toJson()).buffer).id, official.id)
  assert.deepEqual(said(() => Methodology.fromJson('{"a":1,}')), ['json_syntax 1:8'])
  assert.ok(said(() => Methodology.fromJson({ ...official.document, indicators: [] })).length > 1)
  for (const wrong of [null, undefined, 1, true, [], 'x', new Map()]) assert.throws(() => Methodology.fromJson(wrong), BaremeError)
})

test('a methodology is read with those that it pins', () => {
  const whole = methodology('territoires@2026.11')
  assert.ok(whole.pinned.length > 3)
  assert.equal(Methodology.fromJson(whole.document, { others: whole.pinned }).methodSha256, whole.methodSha256)
  assert.ok(said(() => Methodology.fromJson(whole.document)).every((line) => line.startsWith('unknown_methodology ')))
  assert.deepEqual(said(() => Methodology.fromJson(whole.document, { others: [1] })), ['wrong_type /others/0'])
})

test('a variant is another methodology', () => {
  const official = methodology(METHODOLOGY)
  const variant = official.variant({ version: 'mine', publication: { decimals: 2 } })
  assert.equal(variant.status, 'variant')
  assert.equal(variant.version, 'mine')
  assert.notEqual(variant.methodSha256, official.methodSha256)
  assert.equal(official.variant('{"version": "mine", "publication": {"decimals": 2}}').methodSha256, variant.methodSha256)
  assert.equal(official.variant({ title: undefined }).version, '2017.10+variant')
  assert.deepEqual(said(() => official.variant({ publication: { decimals: Infinity } })), ['infinite_value /publication/decimals'])
  assert.deepEqual(said(() => official.variant([])), ['wrong_type '])
})

test('a scoring says everything of a territory', () => {
  const scoring = methodology(METHODOLOGY).score(pair())
  assert.equal(scoring.size, 2)
  assert.equal(scoring.cohort.size, 2)
  assert.equal(scoring.methodology.id, 'observatoire-instagram')
  const one = scoring.territory('MENTON')
  assert.equal(one.id, '06083')
  assert.equal(one.indices[0].state, 'present')
  assert.deepEqual(scoring.territories(['06004', '06083']).map(({ id }) => id), ['06004', '06083'])
  assert.deepEqual(said(() => scoring.territory('Paris')), ['territory_not_found '])
  const document = scoring.document()
  assert.deepEqual(document.territories[0], one)
  assert.equal(document.cohort.sha256, scoring.cohort.sha256)
  assert.equal(Buffer.from(scoring.toBytes()).toString(), scoring.toJson())
})

test('results come as rows and as columns', () => {
  const scoring = methodology(METHODOLOGY).score(pair())
  const rows = scoring.scores()
  assert.equal(rows.length, 2)
  assert.equal(rows[0].territory, '06083')
  assert.equal(rows[0].method_sha256, scoring.methodology.methodSha256)
  assert.equal(rows[0].department, null)
  const columns = scoring.scores({ columns: true })
  assert.ok(columns['performance.score'] instanceof Float64Array)
  assert.deepEqual(columns.territory, ['06083', '06004'])
  assert.deepEqual(Object.keys(columns), Object.keys(rows[0]))
  for (const row of rows) assert.equal(row['performance.published'], scoring.territory(row.territory).indices[0].published)

  const indicators = scoring.indicators()
  assert.equal(indicators.length, 2 * scoring.territory('06083').criteria.length)
  const [first] = scoring.territory('06083').criteria
  const { indicator, raw, mark, state, weight, network } = indicators[0]
  assert.deepEqual({ indicator, network, raw, state, mark, weight }, first)
  assert.ok(scoring.indicators({ columns: true }).raw instanceof Float64Array)

  const ranking = scoring.ranking({ by: 'most-followed', within: 'cohort' })
  assert.deepEqual(ranking.map(({ territory, rank, of }) => [territory, rank, of]), [
    ['06004', 1, 2],
    ['06083', 2, 2],
  ])
  assert.equal(scoring.ranking().length, 2)
  assert.ok(scoring.ranking({ columns: true }).rank instanceof Float64Array)
  assert.deepEqual(said(() => scoring.ranking({ by: 'tallest' })), ['unknown_view '])
  assert.deepEqual(said(() => scoring.ranking({ within: 'street' })), ['unknown_value '])
})

test('a cohort says what it is', () => {
  const cohort = Cohort.from({ ...pair(), synthetic: true })
  assert.equal(cohort.size, 2)
  assert.deepEqual(cohort.period, { from: '2026-10-01', to: '2026-10-31' })
  assert.equal(cohort.synthetic, true)
  assert.deepEqual(cohort.networks, ['instagram'])
  assert.equal(Cohort.fromJson(cohort.toJson()).sha256, cohort.sha256)
  assert.equal(Cohort.from({ territories: pair().territories, accounts: [] }).period, undefined)
  assert.deepEqual(said(() => cohort.check(methodology('facebook@2026.11'))).length > 0, true)
  const restricted = cohort.restrictedTo(methodology('facebook@2026.11'))
  assert.deepEqual(restricted.networks, [])
  assert.equal(restricted.ignored[0].kind, 'network')
  assert.deepEqual(cohort.ignored, [])
})

test('one territory alone has the bits that it has in the cohort', () => {
  const scoring = methodology(METHODOLOGY).score(pair())
  const reference = scoring.reference()
  for (const [place, territory] of pair().territories.entries()) {
    const { territory: _, ...account } = pair().accounts[place]
    assert.deepEqual(reference.score({ ...territory, accounts: [account] }), scoring.territory(territory.id))
  }
  assert.ok(reference.isMember('06083') && !reference.isMember('75056'))
  assert.equal(Reference.fromJson(reference.toJson()).sha256, reference.sha256)
  assert.equal(Reference.fromJson(JSON.parse(reference.toJson()), scoring.methodology).methodology.id, scoring.methodology.id)
  assert.deepEqual(said(() => Reference.fromJson(reference.toJson(), methodology('facebook@2026.11'))), ['pin_mismatch /statistics/methodology'])
  const stranger = reference.score({ id: '75056', name: 'Paris', structure_type: 'commune', population: 50000, accounts: [] })
  assert.ok(stranger.flags.some(({ code }) => code === 'stranger'))
  assert.deepEqual(reference.scoreEach(pair()).territories, scoring.document().territories)
})

test('what is wrong with one territory is said of that object', () => {
  const reference = methodology(METHODOLOGY).score(pair()).reference()
  const wrong = {
    id: '06083',
    name: 'Menton',
    structure_type: 'planet',
    population: -1,
    accounts: [{ network: 'instagram', metrics: { followers: 1.5, posts: '3' } }],
  }
  assert.deepEqual(said(() => reference.score(wrong)).sort(), ['negative_value /population', 'wrong_type /accounts/0/metrics/posts'])
  wrong.population = 1
  wrong.accounts[0].metrics.posts = 3
  assert.deepEqual(said(() => reference.score(wrong)).sort(), ['fractional_count /accounts/0/metrics/followers', 'unknown_structure_type /structure_type'])
  assert.deepEqual(said(() => reference.score({ ...wrong, period: { from: '2026-01-01', to: '2026-01-31' }, population: 1, accounts: [] })), ['period_conflict /period'])
  for (const nothing of [undefined, null, 3, 'x', []]) assert.deepEqual(said(() => reference.score(nothing)), ['wrong_type '])
  assert.deepEqual(said(() => reference.score({ ...wrong, accounts: 3 })), ['wrong_type /accounts'])
})

test('growth is scored alone too, with the previous period', () => {
  const growing = methodology('instagram@2026.11')
  const previous = {
    period: { from: '2026-09-01', to: '2026-10-01' },
    accounts: pair().accounts.map((account) => ({ ...account, metrics: { ...account.metrics, followers: account.metrics.followers - 100 } })),
  }
  const cohort = Cohort.from({ ...pair(), previous }).restrictedTo(growing)
  let scoring
  try {
    scoring = growing.score(cohort)
  } catch (error) {
    // The proposal asks for metrics that this cohort does not give.
    assert.equal(error.code, 'missing_metric')
    return
  }
  const one = scoring.reference().score({ ...pair().territories[0], accounts: pair().accounts.slice(0, 1), previous: { ...previous, accounts: previous.accounts.slice(0, 1) } })
  assert.deepEqual(one, scoring.territory('06083'))
})

test('errors say everything, in two languages', () => {
  const bad = { territories: [{ id: '1', name: 'x', structure_type: 'commune', population: -1, colour: 'red' }], accounts: [{}] }
  const error = (() => {
    try {
      Cohort.from(bad)
    } catch (error) {
      return error
    }
  })()
  assert.ok(error instanceof BaremeError && error instanceof Error)
  assert.equal(error.name, 'BaremeError')
  assert.equal(error.code, error.faults[0].code)
  assert.equal(error.faults.length > 2, true)
  assert.equal(error.omitted, 0)
  for (const fault of error.faults) {
    for (const language of ['fr', 'en']) assert.ok(fault.meaning[language] && fault.line[language].includes(fault.code))
  }
  assert.notDeepEqual(error.lines('fr'), error.lines())
  assert.match(String(error), /^BaremeError: \/territories\/0/)
  const many = { territories: Array.from({ length: 1200 }, () => ({})), accounts: [] }
  try {
    Cohort.from(many)
    assert.fail()
  } catch (error) {
    assert.equal(error.faults.length, 1000)
    assert.ok(error.omitted > 0)
    assert.match(error.message, /and \d+ more$/)
  }
})

test('classes cannot be made by hand', () => {
  for (const type of [Cohort, Methodology, Publication, Receipt, Reference, Scoring]) {
    assert.throws(() => new type(), TypeError)
    assert.throws(() => type.prototype.toJson?.call({}) ?? type.prototype.scores.call({}), BaremeError)
  }
})

test('schemas are those of the specification', () => {
  for (const name of ['methodology', 'cohort', 'scoring', 'reference', 'publication', 'receipt', 'verification'])
    assert.deepEqual(schema(name), JSON.parse(read('spec', 'schemas', `${name}.schema.json`)))
  assert.equal(schema('weather'), undefined)
  assert.deepEqual(said(() => schema(3)), ['wrong_type '])
})

test('nothing is exported by accident', () => {
  assert.deepEqual(Object.keys(bareme).sort(), [
    'BaremeError', 'Cohort', 'Methodology', 'Publication', 'Receipt', 'Reference', 'Scoring', 'catalogue', 'errorCodes', 'language',
    'methodology', 'schema', 'verify', 'version',
  ])
  assert.equal(bareme.version, JSON.parse(read('bindings-node', 'package.json')).version)
  assert.equal(bareme.language, 'bareme/1')
})
