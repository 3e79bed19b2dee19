import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cohort, methodology } from 'bareme'
import { METHODOLOGY, pair, read, said } from './support.js'

const official = methodology(METHODOLOGY)
const METRICS = ['followers', 'following', 'posts', 'likes', 'comments']

/** The same cohort as `pair`, as one long table. */
function columns() {
  const { territories, accounts, period } = pair()
  const own = Object.fromEntries(METRICS.map((name) => [name, accounts.map(({ metrics }) => metrics[name])]))
  return {
    territory: territories.map(({ id }) => id),
    name: territories.map(({ name }) => name),
    structure_type: territories.map((territory) => territory.structure_type),
    population: territories.map(({ population }) => population),
    network: ['instagram', 'instagram'],
    from: [period.from, period.from],
    to: [period.to, period.to],
    ...own,
  }
}

const ours = Cohort.from(pair()).sha256
const fromTable = (table, options) => Cohort.fromTable(table, { methodology: official, ...options })

test('columns, rows, CSV and objects give one cohort', () => {
  assert.equal(fromTable(columns()).sha256, ours)
  const all = columns()
  const rows = all.territory.map((_, place) => Object.fromEntries(Object.entries(all).map(([name, cells]) => [name, cells[place]])))
  assert.equal(fromTable(rows).sha256, ours)
  const csv = [Object.keys(all).join(','), ...rows.map((row) => Object.values(row).join(','))].join('\n')
  assert.equal(Cohort.fromCsv(csv, { methodology: official }).sha256, ours)
  assert.equal(Cohort.fromCsv(Buffer.from(csv), { methodology: official }).sha256, ours)
})

test('columns of every kind', () => {
  for (const type of [Float64Array, Float32Array, Int32Array, Uint32Array]) {
    assert.equal(fromTable({ ...columns(), followers: type.from(columns().followers), population: type.from(columns().population) }).sha256, ours)
  }
  for (const type of [Int16Array, Uint16Array]) assert.equal(fromTable({ ...columns(), posts: type.from(columns().posts) }).sha256, ours)
  for (const type of [Int8Array, Uint8Array, Uint8ClampedArray]) assert.equal(fromTable({ ...columns(), posts: type.from(columns().posts) }).sha256, ours)
  for (const type of [BigInt64Array, BigUint64Array]) assert.equal(fromTable({ ...columns(), followers: type.from(columns().followers.map(BigInt)) }).sha256, ours)
  assert.equal(fromTable({ ...columns(), followers: columns().followers.map(BigInt) }).sha256, ours)
  assert.equal(fromTable({ ...columns(), followers: columns().followers.map(String) }).sha256, ours)
  assert.equal(fromTable({ ...columns(), followers: [String(columns().followers[0]), BigInt(columns().followers[1])] }).sha256, ours)
  assert.equal(fromTable({ ...columns(), network: { texts: ['instagram'], codes: new Uint32Array(2) } }).sha256, ours)
  assert.equal(fromTable({ ...columns(), main: [null, undefined] }).sha256, ours)
  assert.equal(fromTable({ ...columns(), synthetic: [true, false] }).synthetic, true)
  const shared = new Float64Array(new SharedArrayBuffer(16))
  shared.set(columns().followers)
  assert.equal(fromTable({ ...columns(), followers: shared }).sha256, ours)
  const all = new Float64Array([9, ...columns().followers, 9])
  assert.equal(fromTable({ ...columns(), followers: all.subarray(1, 3) }).sha256, ours)
})

test('a binary32 is its shortest decimal', () => {
  const areas = (values) => ({ ...columns(), followers: values })
  assert.deepEqual(said(() => fromTable(areas(Float32Array.of(0.1, 2)))), ['fractional_count 1:followers'])
})

test('two tables', () => {
  const { territory, network, from, to, followers, following, posts, likes, comments, ...rest } = columns()
  const accounts = { territory, network, followers, following, posts, likes, comments }
  const territories = { territory, ...rest }
  assert.equal(fromTable(accounts, { territories, period: pair().period }).sha256, ours)
  assert.deepEqual(said(() => fromTable(accounts, { territories: { ...territories, population: [1, -1] }, period: pair().period })), [
    'negative_value territories!2:population',
  ])
  assert.deepEqual(said(() => fromTable(accounts, { territories, period: { from: '2026-13-01', to: '2026-10-31' } })), ['invalid_date /period/from'])
  assert.deepEqual(said(() => Cohort.fromCsv('territory,network\n"x', { methodology: official, territories: 'territory\n"x' })), [
    'table_syntax 2:territory',
    'table_syntax territories!2:territory',
  ])
})

test('what is not known', () => {
  const without = fromTable({ ...columns(), likes: [NaN, 21000] }).sha256
  for (const likes of [[null, 21000], [undefined, 21000], Float64Array.of(NaN, 21000), ['', '21000'], [null, 21000n], Float32Array.of(NaN, 21000)])
    assert.equal(fromTable({ ...columns(), likes }).sha256, without)
})

test('every fault has its row and column', () => {
  const wrong = (changes) => said(() => fromTable({ ...columns(), ...changes }))
  assert.deepEqual(wrong({ followers: [1, Infinity] }), ['infinite_value 2:followers'])
  assert.deepEqual(wrong({ followers: [1n, -Infinity] }), ['infinite_value 2:followers'])
  assert.deepEqual(wrong({ followers: Float64Array.of(1, -Infinity) }), ['infinite_value 2:followers'])
  assert.deepEqual(wrong({ followers: [2 ** 53, 1] }), ['number_not_representable 1:followers'])
  assert.deepEqual(wrong({ followers: [2n ** 70n, 1n] }), ['number_not_representable 1:followers'])
  assert.deepEqual(wrong({ followers: BigInt64Array.of(2n ** 60n, 1n) }), ['out_of_range 1:followers'])
  assert.deepEqual(wrong({ followers: ['12k', 1] }), ['not_a_number 1:followers'])
  assert.deepEqual(wrong({ name: ['a\ud800', 'b'] }), ['lone_surrogate 1:name'])
  assert.deepEqual(wrong({ name: { texts: ['a', '\udc00'], codes: Uint32Array.of(0, 1) } }), ['lone_surrogate 2:name'])
  assert.deepEqual(wrong({ followers: [{}, 1] }), ['wrong_type 1:followers'])
  assert.deepEqual(wrong({ followers: new Map() }), ['column_length 1:followers'])
  assert.deepEqual(wrong({ followers: [1] }), ['column_length 1:followers'])
  assert.deepEqual(wrong({ colour: ['red', 'blue'] }), ['unknown_column 1:colour'])
  assert.deepEqual(wrong({ name: ['a', 'b\0'] }).length > 0, true)
  for (const nothing of [undefined, null, 3, 'x', [3], [[1]]]) assert.ok(said(() => fromTable(nothing))[0].startsWith('wrong_type '))
  assert.ok(said(() => fromTable([])).length > 0)
  assert.deepEqual(said(() => Cohort.fromTable(columns())), ['wrong_type /methodology'])
  assert.deepEqual(said(() => Cohort.fromCsv(3, { methodology: official })), ['wrong_type '])
})

test('what a methodology does not know is left out on request, and named', () => {
  const cohort = fromTable({ ...columns(), colour: ['red', 'blue'] }, { ignoreUnknown: true })
  assert.equal(cohort.sha256, ours)
  assert.deepEqual(cohort.ignored.map(({ kind, name, count }) => [kind, name, count]), [['column', 'colour', 2]])
  assert.ok(cohort.ignored[0].text.fr.includes('colour'))
})

test('the example file', () => {
  const cohort = Cohort.fromCsv(read('examples', 'petite-france', 'cohort-synthetic.csv'), { methodology: official })
  assert.equal(cohort.synthetic, true)
  assert.ok(official.score(cohort).scores().length === cohort.size)
})
