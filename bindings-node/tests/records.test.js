// The fast way from objects gives what the JSON text of the same objects gives, always.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { BaremeError, Cohort } from 'bareme'
import { packed } from '../lib/records.js'
import { pair, random, read } from './support.js'

const PIECES = ['06083', 'Menton', '', 'é', '😀', '\ud800', '\0', 'commune', 'instagram', 'x', 'a'.repeat(70)]
const NUMBERS = [0, -0, 1, -1, 0.1, 30326, 1e21, 1e-9, 2 ** 53 - 1, 2 ** 53, NaN, Infinity, null, undefined, 5n, '1', true]

/** A cohort, mostly sound. */
function cohort(pick) {
  const rarely = (value, other) => (pick(40) === 0 ? other() : value)
  const text = (value) => rarely(value, () => PIECES[pick(PIECES.length)])
  const number = (value) => rarely(value, () => NUMBERS[pick(NUMBERS.length)])
  const maybe = (value) => (pick(3) === 0 ? value() : undefined)
  const count = 1 + pick(5)
  const territories = Array.from({ length: count }, (_, place) => {
    const territory = { id: text(`0608${place}`), name: text(`Ville ${place}`), structure_type: text('commune') }
    if (pick(2)) territory.population = number(pick(100000))
    if (pick(3) === 0) territory.population_vintage = text('2023')
    if (pick(3) === 0) territory.department = text('06')
    if (pick(3) === 0) territory.region = text(`${pick(2)}`)
    if (pick(4) === 0) territory.attributes = { area: number(pick(100) / 10), ...(pick(2) && { b: number(1) }) }
    if (pick(6) === 0) territory.stratum = { id: text('grandes'), reason: text('parce que') }
    if (pick(6) === 0) territory.formerly = [text('06999')]
    return territory
  })
  const accounts = () =>
    Array.from({ length: pick(8) }, () => {
      const metrics = {}
      for (const name of ['followers', 'posts', 'likes'].slice(pick(3))) metrics[text(name)] = number(pick(9999))
      const account = { territory: text(`0608${pick(count)}`), network: text(pick(2) ? 'instagram' : 'x'), metrics }
      if (pick(5) === 0) account.main = rarely(pick(2) === 0, () => null)
      return account
    })
  const all = { territories, accounts: accounts() }
  if (pick(2)) all.period = { from: text('2026-10-01'), to: text('2026-10-31') }
  if (pick(3) === 0) all.previous = { accounts: accounts(), ...(pick(2) && { period: { from: '2026-09-01', to: '2026-10-01' } }) }
  if (pick(5) === 0) all.synthetic = rarely(true, () => 'yes')
  if (pick(60) === 0) all[text('more')] = maybe(() => 1)
  return all
}

function outcome(work) {
  try {
    return work().sha256
  } catch (error) {
    assert.ok(error instanceof BaremeError, error.stack)
    assert.notEqual(error.code, 'internal', error.message)
    return error.faults.map((fault) => fault.line.en).join('\n')
  }
}

test('both ways agree on random cohorts', () => {
  const pick = random(20261124)
  let quick = 0
  let sound = 0
  for (let round = 0; round < 3000; round++) {
    const given = cohort(pick)
    const fast = outcome(() => Cohort.from(given))
    const slow = outcome(() => Cohort.fromJson({ language: 'bareme/1', document: 'cohort', ...given }))
    assert.equal(fast, slow, inspect(given, { depth: null }))
    quick += packed(given) !== undefined
    sound += /^[0-9a-f]{64}$/.test(fast)
  }
  // The test tests something only while both happen.
  assert.ok(quick > 500 && sound > 300 && sound < 2500, `${quick} quick, ${sound} sound`)
})

test('the members are those of the document', () => {
  const { $defs } = JSON.parse(read('spec', 'schemas', 'cohort.schema.json'))
  const sample = cohort(() => 0)
  assert.deepEqual(
    Object.keys($defs.TerritoryRecord.properties).sort(),
    ['attributes', 'department', 'formerly', 'id', 'name', 'population', 'population_vintage', 'region', 'stratum', 'structure_type'],
  )
  assert.deepEqual(Object.keys($defs.AccountRecord.properties).sort(), ['main', 'metrics', 'network', 'territory'])
  assert.ok(sample)
})

test('getters and classes are taken as JSON takes them', () => {
  class Row {
    constructor(values) {
      Object.assign(this, values)
    }
  }
  const given = pair()
  const classes = { ...given, territories: given.territories.map((row) => new Row(row)) }
  assert.equal(Cohort.from(classes).sha256, Cohort.from(given).sha256)
  assert.equal(Cohort.from({ toJSON: () => ({ language: 'bareme/1', document: 'cohort', ...given }) }).sha256, Cohort.from(given).sha256)
})
