import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { BaremeError, Cohort, methodology } from 'bareme'
import { METHODOLOGY, pair } from './support.js'

/** A cohort that takes a while. */
function large(count) {
  const territories = []
  const accounts = []
  for (let place = 0; place < count; place++) {
    const id = String(place).padStart(6, '0')
    territories.push({ id, name: `Commune ${id}`, structure_type: 'commune', population: 3500 + ((place * 7919) % 90000) })
    accounts.push({
      territory: id,
      network: 'instagram',
      metrics: { followers: 100 + ((place * 31) % 9001), following: 10 + (place % 500), posts: 1 + (place % 60), likes: (place * 17) % 5003, comments: place % 211 },
    })
  }
  return { ...pair(), territories, accounts }
}

const LARGE = Cohort.from(large(60_000))

test('the same scoring as on this thread', async () => {
  const official = methodology(METHODOLOGY)
  const here = official.score(pair()).toJson()
  const text = JSON.stringify({ language: 'bareme/1', document: 'cohort', ...pair() })
  for (const cohort of [pair(), Cohort.from(pair()), text, Buffer.from(text)]) assert.equal((await official.scoreAsync(cohort)).toJson(), here)
  assert.equal((await official.scoreAsync(pair(), { threads: 3 })).toJson(), here)
  assert.equal(official.score(pair(), { threads: 2 }).toJson(), here)
  for (const threads of [0, 1.5, '2', -1, 1e9]) await assert.rejects(official.scoreAsync(pair(), { threads }), { code: 'wrong_type' })
})

test('faults reject', async () => {
  const official = methodology(METHODOLOGY)
  for (const wrong of ['{', Buffer.from([0xff]), 3, null, undefined, [], {}]) await assert.rejects(official.scoreAsync(wrong), BaremeError)
  await assert.rejects(official.scoreAsync({ ...pair(), accounts: [{ ...pair().accounts[0], network: 'minitel' }] }), (error) => error.code === 'unknown_network')
})

test('progress is told, and the loop goes on', async () => {
  const told = []
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await methodology(METHODOLOGY).scoreAsync(LARGE, { onProgress: (done, total) => told.push([done, total]) })
  clearInterval(timer)
  assert.ok(told.length > 0)
  assert.deepEqual(told, told.toSorted(([a], [b]) => a - b))
  const [done, total] = told.at(-1)
  assert.equal(done, total)
  // A busy machine slows the loop too; one that stood still would not have turned at all.
  assert.ok(turns >= 5, `${turns} turns`)
})

test('a signal stops the work', async () => {
  const official = methodology(METHODOLOGY)
  const before = new AbortController()
  before.abort('too late')
  await assert.rejects(official.scoreAsync(pair(), { signal: before.signal }), { code: 'cancelled', cause: 'too late' })
  const during = new AbortController()
  const begun = official.scoreAsync(LARGE, { signal: during.signal })
  setTimeout(() => during.abort(), 5)
  await assert.rejects(begun, (error) => error.code === 'cancelled' && error.cause.name === 'AbortError')
  // A signal that outlives the work keeps nothing of it.
  const long = new AbortController()
  for (let round = 0; round < 20; round++) await official.scoreAsync(pair(), { signal: long.signal })
  long.abort()
})

test('what onProgress throws stops the work', async () => {
  const thrown = new Error('mine')
  const failing = methodology(METHODOLOGY).scoreAsync(LARGE, {
    onProgress: () => {
      throw thrown
    },
  })
  await assert.rejects(failing, { code: 'cancelled', cause: thrown })
})

test('many at once', async () => {
  const official = methodology(METHODOLOGY)
  const all = await Promise.all(Array.from({ length: 50 }, () => official.scoreAsync(pair())))
  assert.equal(new Set(all.map((scoring) => scoring.toJson())).size, 1)
})

test('worker threads, also one that ends in the middle', async () => {
  const source = `
    import { parentPort, workerData } from 'node:worker_threads'
    const { methodology } = await import(workerData.url)
    const official = methodology('${METHODOLOGY}')
    if (workerData.cohort) parentPort.postMessage(official.score(workerData.cohort).toJson())
    else { official.scoreAsync(workerData.large); parentPort.postMessage('begun') }`
  const url = import.meta.resolve('bareme')
  const worker = (data) => new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: { url, ...data } })
  const message = (from) => new Promise((resolve, reject) => from.once('message', resolve).once('error', reject))
  const here = methodology(METHODOLOGY).score(pair()).toJson()
  const workers = Array.from({ length: 3 }, () => worker({ cohort: pair() }))
  for (const text of await Promise.all(workers.map(message))) assert.equal(text, here)
  const cut = worker({ large: LARGE.toJson() })
  assert.equal(await message(cut), 'begun')
  await cut.terminate()
  assert.equal(methodology(METHODOLOGY).score(pair()).toJson(), here)
})
