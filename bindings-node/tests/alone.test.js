// The fast way to score one territory gives what the documents give, always.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { BaremeError, Cohort, methodology } from 'bareme'
import { METHODOLOGY, pair, random, read } from './support.js'

const METRICS = ['followers', 'following', 'posts', 'likes', 'comments', 'shares', 'views']
const WORDS = ['', '\ud800', '\0', 'é', '𝒜\udc00', '日𝒜', 'x'.repeat(300), 'nowhere']
const NUMBERS = [0, -0, -1, 0.5, 2 ** 53, NaN, Infinity, null, undefined, 7n, '3']

/** A territory, mostly sound. */
function territory(pick, networks, metrics) {
  const rarely = (value, others) => (pick(30) === 0 ? others[pick(others.length)] : value)
  const id = rarely(pick(2) ? '06083' : `0608${pick(10)}`, WORDS)
  const given = { id, name: rarely('Ville', WORDS), structure_type: rarely('commune', WORDS) }
  if (pick(8)) given.population = rarely(1000 + pick(120_000), NUMBERS)
  if (pick(2)) given.department = rarely('06', WORDS)
  if (pick(2)) given.region = rarely('93', WORDS)
  if (pick(5) === 0) given.population_vintage = rarely('2023', WORDS)
  if (pick(20)) {
    given.accounts = networks.filter(() => pick(4)).map((network) => {
      const account = { network: rarely(network, WORDS), metrics: {} }
      for (const name of metrics) if (pick(15)) account.metrics[name] = rarely(pick(20_000), NUMBERS)
      if (pick(10) === 0) account.territory = id
      if (pick(20) === 0) account.main = pick(2) === 0
      return account
    })
  }
  return given
}

function outcome(work) {
  try {
    return work()
  } catch (error) {
    assert.ok(error instanceof BaremeError, error.stack)
    assert.notEqual(error.code, 'internal', error.message)
    return error.lines()
  }
}

function compare(reference, pick, networks, metrics, rounds) {
  let sound = 0
  for (let round = 0; round < rounds; round++) {
    const given = territory(pick, networks, metrics)
    const fast = outcome(() => reference.score(given))
    // A member that the fast way does not take, and that says nothing.
    const slow = outcome(() => reference.score({ ...given, synthetic: false }))
    assert.deepEqual(fast, slow, inspect(given, { depth: null }))
    if (!Array.isArray(fast)) {
      sound++
      assert.equal(JSON.stringify(fast), JSON.stringify(slow))
    }
  }
  assert.ok(sound > rounds / 10 && sound < rounds, `${sound} of ${rounds} sound`)
}

test('on one network', () => {
  compare(methodology(METHODOLOGY).score(pair()).reference(), random(1), ['instagram'], METRICS.slice(0, 5), 3000)
})

test('with parts, on synthetic data', () => {
  const whole = methodology('territoires@2026.11')
  const rows = read('examples', 'petite-france', 'cohort-synthetic.csv')
  const reference = whole.score(Cohort.fromCsv(rows, { methodology: whole, ignoreUnknown: true })).reference()
  compare(reference, random(2), ['instagram', 'facebook', 'x'], METRICS, 600)
})

test('results are separate objects', () => {
  const reference = methodology(METHODOLOGY).score(pair()).reference()
  const given = { ...pair().territories[0], accounts: [pair().accounts[0]] }
  const [first, second, third] = [reference.score(given), reference.score(given), reference.score(given)]
  second.indices[0].weights[0] = 7
  second.criteria.length = 0
  second.flags.push(1)
  assert.deepEqual(third, first)
  assert.deepEqual(reference.score(given), first)
})

test('a getter that asks for another score meanwhile', () => {
  const cohort = pair()
  const reference = methodology(METHODOLOGY).score(cohort).reference()
  const first = { ...cohort.territories[0], department: '06', accounts: [cohort.accounts[0]] }
  const other = { ...cohort.territories[0], id: '99999', population: 5, department: 6 }
  const expected = reference.score(first)
  const given = {
    ...first,
    get department() {
      // It is given up at the same place.
      assert.throws(() => reference.score(other), BaremeError)
      return first.department
    },
  }
  assert.deepEqual(reference.score(given), expected)
})
