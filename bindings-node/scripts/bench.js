// Measures what the package costs over the core, and prints it: `npm run bench`, after `npm run build`.
// With `load`, also the example site under wrk (apt-get install wrk) and a million requests for one score.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { Cohort, methodology } from 'bareme'
import { Held } from '../lib/handle.js'
import { tableOf } from '../lib/columns.js'
import * as native from '../native/index.js'
import { INDICATORS, sampleColumns, sampleMethodology, sampleObjects } from './sample.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const ROUNDS = 7

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

/** The milliseconds of processor time that some work takes; of the process, so that others on the machine do not count. */
function once(work) {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** The median of several times. What a round leaves behind is collected before the next. */
async function time(work, rounds = ROUNDS) {
  const times = []
  for (let round = -1; round < rounds; round++) {
    globalThis.gc?.()
    await new Promise((resolve) => setImmediate(resolve))
    const time = once(work)
    if (round >= 0) times.push(time)
  }
  return median(times)
}

const ms = (value) => `${value.toFixed(value < 10 ? 2 : 1)} ms`
const us = (value) => `${(1000 * value).toFixed(1)} µs`
const print = (what, ...values) => console.log(`${what.padEnd(62)} ${values.join('   ')}`)

async function columns() {
  const method = sampleMethodology()
  const given = sampleColumns(36_000)
  const options = { methodology: method, territories: given.territories }
  const tables = { accounts: tableOf(given.accounts, false, []), territories: tableOf(given.territories, true, []), ignoreUnknown: false }
  const core = () => native.coreOfColumns(tables, Held.handleOf(method))
  const inside = await time(core)
  const read = await time(() => Cohort.fromTable(given.accounts, options))
  const cohort = Cohort.fromTable(given.accounts, options)
  const score = await time(() => method.score(cohort))
  print(`36,000 territories x ${INDICATORS} from typed arrays: read and scored`, ms(read + score), `core ${ms(inside)}`, `ratio ${((read + score) / inside).toFixed(2)}`)

  const objects = sampleObjects(given)
  const text = JSON.stringify(objects)
  const parse = await time(() => JSON.parse(text), 5)
  const from = await time(() => Cohort.from(objects), 5)
  print(`the same from objects: read (${(text.length / 1e6).toFixed(0)} MB of JSON)`, ms(from), `JSON.parse ${ms(parse)}`, `ratio ${(from / parse).toFixed(2)}`)
  print('the same from JSON bytes: read', ms(await time(() => Cohort.fromJson(Buffer.from(text)), 3)))
  return { method, objects, cohort }
}

async function alone(what, reference, territory) {
  const TIMES = 10_000
  const one = (await time(() => {
    for (let round = 0; round < TIMES; round++) reference.score(territory)
  }, 5)) / TIMES
  const documents = (await time(() => {
    for (let round = 0; round < TIMES / 10; round++) reference.score({ ...territory, synthetic: false })
  }, 5)) / (TIMES / 10)
  const [account] = territory.accounts
  const values = Float64Array.from(Object.values(account.metrics))
  const core = () =>
    native.coreAlone(Held.handleOf(reference), territory.id, territory.population, account.network, Object.keys(account.metrics), values, TIMES)
  const inside = (await time(core, 5)) / TIMES
  print(what, us(one), `core ${us(inside)}`, `as documents ${us(documents)}`)
}

async function loop({ method, cohort }) {
  const wait = () => new Promise((resolve) => setTimeout(resolve, 300))
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await wait()
  const quiet = [delay.percentile(99), delay.max]
  delay.reset()
  for (let round = 0; round < 5; round++) await method.scoreAsync(cohort)
  delay.disable()
  const show = ([p99, max]) => `p99 ${ms(p99 / 1e6)}, max ${ms(max / 1e6)}`
  print('delay of the event loop during scoreAsync', show([delay.percentile(99), delay.max]), `idle: ${show(quiet)}`)
}

async function france() {
  const path = join(root, 'examples', 'france-2026', 'cohort-synthetic.csv')
  if (!existsSync(path)) return print('all of France', 'not measured: `cargo xtask france` writes its accounts')
  const whole = methodology('territoires@2026.11')
  const csv = readFileSync(path)
  const cohort = Cohort.fromCsv(csv, { methodology: whole })
  print(`all of France, ${cohort.size} territories on six networks: read CSV`, ms(await time(() => Cohort.fromCsv(csv, { methodology: whole }), 3)))
  print('… scored', ms(await time(() => whole.score(cohort), 3)))
}

function memory(reference, territory) {
  const sizes = []
  for (let step = 0; step <= 10; step++) {
    if (step > 0) for (let round = 0; round < 100_000; round++) reference.score(territory)
    globalThis.gc?.()
    sizes.push(Math.round(process.memoryUsage.rss() / 1e6))
  }
  print('resident memory over a million requests, each 100,000', `${sizes.join(' ')} MB`)
}

async function load() {
  if (spawnSync('wrk', ['-v']).error) return print('the example site under load', 'not measured: wrk is not there')
  const site = spawn(process.execPath, ['start.js'], { cwd: join(root, 'examples', 'node-partner'), env: { ...process.env, PORT: '3987' }, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await new Promise((resolve) => site.stdout.once('data', resolve))
    for (const [what, ...headers] of [['JSON'], ['HTML', '-H', 'accept: text/html']]) {
      const ran = spawnSync('wrk', ['-t1', '-c32', '-d8s', '--latency', ...headers, 'http://127.0.0.1:3987/territoires/06083'], { encoding: 'utf8' })
      const found = (pattern) => ran.stdout.match(pattern)?.[1] ?? '?'
      const bad = ran.stdout.match(/Non-2xx.*: (\d+)/)?.[1] ?? 0
      print(`the example site, ${what}, 32 connections`, `${found(/Requests\/sec: +([\d.]+)/)} requests/s`, `p50 ${found(/50% +(\S+)/)}`, `p99 ${found(/99% +(\S+)/)}`, `${bad} errors`)
    }
  } finally {
    site.kill()
  }
}

print(`node ${process.version}`, process.platform, process.arch)
const all = await columns()
const whole = all.method.score(all.cohort).reference()
await alone(`one territory against a reference, ${INDICATORS} criteria`, whole, { ...all.objects.territories[5], accounts: [all.objects.accounts[5]] })
const small = methodology('observatoire-instagram@2017.10')
const csv = readFileSync(join(root, 'examples', 'petite-france', 'cohort-synthetic.csv'))
const official = small.score(Cohort.fromCsv(csv, { methodology: small }))
const territory = {
  id: '06083',
  name: 'Menton',
  structure_type: 'commune',
  population: 30326,
  accounts: [{ network: 'instagram', metrics: { followers: 18700, following: 350, posts: 31, likes: 9000, comments: 240 } }],
}
await alone('the same, five criteria (observatoire-instagram@2017.10)', official.reference(), territory)
await loop(all)
await france()
if (process.argv.includes('load')) {
  memory(official.reference(), territory)
  await load()
}
