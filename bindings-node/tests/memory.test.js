// Values that JavaScript cannot see into are collected in time, and single requests keep nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cohort, methodology } from 'bareme'
import { sampleColumns, sampleMethodology } from '../scripts/sample.js'
import { METHODOLOGY, pair } from './support.js'

const megabytes = () => process.memoryUsage.rss() / 1e6

test('cohorts and scorings that nobody holds', async () => {
  const sample = sampleMethodology()
  const { accounts, territories } = sampleColumns(20_000)
  const round = () => sample.score(Cohort.fromTable(accounts, { methodology: sample, territories }))
  for (let count = 0; count < 5; count++) round()
  const before = megabytes()
  for (let count = 0; count < 40; count++) {
    round()
    // Finalisers run between turns.
    await new Promise((resolve) => setImmediate(resolve))
  }
  // Each takes some ten megabytes.
  assert.ok(megabytes() - before < 200, `${before} to ${megabytes()} MB`)
})

test('single requests', () => {
  const reference = methodology(METHODOLOGY).score(pair()).reference()
  const given = { ...pair().territories[0], accounts: [pair().accounts[0]] }
  const many = (count) => {
    for (let round = 0; round < count; round++) reference.score(given)
  }
  many(20_000)
  const before = megabytes()
  many(50_000)
  assert.ok(megabytes() - before < 60, `${before} to ${megabytes()} MB`)
})
