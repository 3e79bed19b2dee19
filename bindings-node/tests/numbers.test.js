import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cohort, methodology } from 'bareme'
import { METHODOLOGY, pair, said } from './support.js'

const withPopulation = (population) => ({ ...pair(), territories: [{ ...pair().territories[0], population }], accounts: [] })
const withFollowers = (followers) => ({ ...pair(), accounts: [{ territory: '06083', network: 'instagram', metrics: { followers } }] })

test('what is not known is not known, however it is written', () => {
  const digests = [undefined, null, NaN].map((value) => Cohort.from(withPopulation(value)).sha256)
  assert.equal(new Set(digests).size, 1)
  // A metric that is named counts as named, known or not; one that is left out does not.
  const without = { ...pair(), accounts: [{ territory: '06083', network: 'instagram', metrics: {} }] }
  const withArea = (area) => ({ ...pair(), territories: [{ ...pair().territories[0], attributes: { area } }], accounts: [] })
  const bare = { ...withArea(null), territories: [pair().territories[0]] }
  for (const [given, other] of [[withFollowers, without], [withArea, bare]]) {
    // By the columns that objects are packed into, and as JSON.
    for (const read of [Cohort.from, (cohort) => Cohort.fromJson({ language: 'bareme/1', document: 'cohort', ...cohort })]) {
      const unknown = [undefined, null, NaN].map((value) => read(given(value)).sha256)
      assert.equal(new Set(unknown).size, 1)
      assert.notEqual(read(other).sha256, unknown[0])
    }
  }
  const official = methodology(METHODOLOGY)
  const scored = [null, NaN, undefined].map((value) => {
    const given = pair()
    given.accounts[0].metrics.followers = value
    return JSON.stringify(official.score(given).territory('06083'))
  })
  assert.equal(new Set(scored).size, 1)
  const reference = official.score(pair()).reference()
  const alone = [null, NaN, undefined].flatMap((followers) => {
    const { accounts, territories } = pair()
    const given = { ...territories[0], accounts: [{ network: 'instagram', metrics: { ...accounts[0].metrics, followers } }] }
    // The first as a document, the second by the quick way.
    return [reference.score(given), reference.score(given)].map((score) => JSON.stringify(score))
  })
  assert.equal(new Set(alone).size, 1)
})

test('a bigint is the number, or a fault', () => {
  assert.equal(Cohort.from(withPopulation(30326n)).sha256, Cohort.from(withPopulation(30326)).sha256)
  assert.equal(Cohort.from(withPopulation(2n ** 53n - 1n)).sha256, Cohort.from(withPopulation(2 ** 53 - 1)).sha256)
  assert.deepEqual(said(() => Cohort.from(withPopulation(2n ** 53n + 1n))), ['number_not_representable /territories/0/population'])
  assert.deepEqual(said(() => Cohort.from(withPopulation(2n ** 2000n))), ['number_not_representable /territories/0/population'])
})

test('an integer that JavaScript may have rounded is a fault', () => {
  for (const value of [2 ** 53, 9007199254740993, -(2 ** 60), 1e300])
    assert.deepEqual(said(() => Cohort.from(withFollowers(value))), ['number_not_representable /accounts/0/metrics/followers'])
})

test('an infinity is a fault', () => {
  for (const value of [Infinity, -Infinity])
    assert.deepEqual(said(() => Cohort.from(withFollowers(value))), ['infinite_value /accounts/0/metrics/followers'])
})

test('zero has no sign', () => {
  assert.equal(Cohort.from(withPopulation(-0)).sha256, Cohort.from(withPopulation(0)).sha256)
})

test('half of a surrogate pair is a fault wherever it stands', () => {
  const named = (name) => ({ ...pair(), territories: [{ ...pair().territories[0], name }], accounts: [] })
  assert.deepEqual(said(() => Cohort.from(named('a\ud83d'))), ['lone_surrogate /territories/0/name'])
  assert.deepEqual(said(() => Cohort.from(JSON.stringify({ language: 'bareme/1', document: 'cohort', ...named('\udc00b') }))), [
    'lone_surrogate /territories/0/name',
  ])
  // As a string holds it, and not as an escape.
  assert.deepEqual(said(() => Cohort.from(`{"language":"bareme/1","document":"cohort","x\udc00":"\ud800"}`)), ['lone_surrogate ', 'lone_surrogate /x�'])
  assert.deepEqual(said(() => methodology('\ud800')), ['lone_surrogate '])
  assert.deepEqual(said(() => methodology(METHODOLOGY).score(pair()).territory('\udfff')), ['lone_surrogate /0'])
  // Two halves that would make a whole if they met.
  const halves = { ...pair(), territories: ['\ud83d', '\ude00'].map((name, place) => ({ ...pair().territories[place], name })), accounts: [] }
  assert.equal(said(() => Cohort.from(halves)).length, 2)
  assert.ok(Cohort.from(named('😀')).sha256)
})

test('values that no document can hold are faults with their place', () => {
  const cyclic = {}
  cyclic.self = cyclic
  for (const value of [() => 1, Symbol('x'), new Map(), new Set(), new Float64Array(2)])
    assert.deepEqual(said(() => Cohort.from(withFollowers(value))), ['wrong_type /accounts/0/metrics/followers'])
  assert.ok(said(() => Cohort.from({ ...pair(), attributes: cyclic })).every((line) => line.startsWith('limit_exceeded ')))
  for (const value of ['18700', true, [1], {}, new Date(0)])
    assert.deepEqual(said(() => Cohort.from(withFollowers(value))), ['wrong_type /accounts/0/metrics/followers'])
})

test('results are binary64 to the bit', () => {
  const scoring = methodology(METHODOLOGY).score(pair())
  const [row] = scoring.scores()
  const { score } = scoring.territory(row.territory).indices[0]
  assert.ok(Object.is(score, scoring.scores({ columns: true })['performance.score'][0]))
})
