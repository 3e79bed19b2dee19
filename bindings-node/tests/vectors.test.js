// Every vector, twice: by the runner inside the native module, and, as far as the interface can ask, through
// it. Numbers are compared by their 64 bits.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { BaremeError, Cohort, Methodology, Publication, Reference, verify } from 'bareme'
import * as native from '../native/index.js'
import { read, root } from './support.js'

const folder = join(root, 'spec', 'vectors', 'bareme-1')
const pages = readdirSync(folder).filter((name) => name.endsWith('.json'))

test('every vector through the native module', () => {
  let count = 0
  for (const page of pages) {
    const cases = JSON.parse(native.vectors(read('spec', 'vectors', 'bareme-1', page)))
    for (const { id, differences } of cases) assert.deepEqual(differences, [], id)
    count += cases.length
  }
  assert.ok(count > 1900, `${count} vectors`)
})

test('the vectors show every flag that the native module knows, and no other', () => {
  const shown = new Set()
  const look = (value, name) => {
    if (typeof value !== 'object' || value === null) return
    if (name === 'flags') for (const { code } of value) if (code !== undefined) shown.add(code)
    for (const [inner, member] of Object.entries(value)) look(member, inner)
  }
  for (const page of pages) look(JSON.parse(read('spec', 'vectors', 'bareme-1', page)))
  assert.deepEqual([...shown].sort(), native.flagCodes().sort())
})

function merged(target, patch) {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const result = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = merged(result[name], value)
  }
  return result
}

/** A value as an object, so that the way from objects is tested too; as text where a number stands that is refused in objects. */
function valued(value) {
  const isUnsafe = (value) =>
    typeof value === 'object' && value !== null ? Object.values(value).some(isUnsafe) : Number.isInteger(value) && !Number.isSafeInteger(value)
  return isUnsafe(value) ? JSON.stringify(value) : value
}

/** Canonical JSON (RFC 8785), of which JavaScript's own numbers and strings are a part. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

const sha256 = (text) => createHash('sha256').update(text).digest('hex')

/** A document with values put at places, or taken out. */
function changed(document, changes) {
  const holder = { document: structuredClone(document) }
  for (const { at, value } of changes ?? []) {
    const steps = ['document', ...at.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))]
    const last = steps.pop()
    const above = steps.reduce((inside, step) => inside[step], holder)
    if (value === undefined) delete above[last]
    else above[last] = value
  }
  return canonical(holder.document)
}

/** An input of a case. */
function input(given, page) {
  if (given.json !== undefined) return valued(given.json)
  if (given.merge !== undefined) return valued(merged(page.methodology, given.merge))
  if (given.document !== undefined) return changed(page.documents[given.document], given.changes)
  if (given.base64 !== undefined) return Buffer.from(given.base64, 'base64')
  return given.padded_to === undefined ? given.text : Buffer.from(given.text).toString('latin1').padEnd(given.padded_to)
}

/** The documents that may be pinned; one that has faults is not at hand. */
function pinned(others, page) {
  let waiting = (others ?? []).map((other, place) => [place, input(other, page)])
  const known = []
  for (;;) {
    const left = waiting.filter(([place, document]) => {
      try {
        known.push([place, Methodology.fromJson(document, { others: known.map(([, methodology]) => methodology) })])
        return false
      } catch {
        return true
      }
    })
    known.sort(([a], [b]) => a - b)
    if (left.length === waiting.length) return known.map(([, methodology]) => methodology)
    waiting = left
  }
}

const OPERATIONS = {
  check: (given) => void given.methodology(),
  digests: (given, asked) => ({
    ...(asked.methodology && { document_sha256: given.methodology().documentSha256, method_sha256: given.methodology().methodSha256 }),
    ...(asked.cohort && { cohort_sha256: given.cohort().sha256 }),
  }),
  variant: (given, asked, page) => {
    const { version, documentSha256, methodSha256 } = given.methodology().variant(input(asked.patch, page))
    return { version, document_sha256: documentSha256, method_sha256: methodSha256 }
  },
  score: (given) => given.methodology().score(given.cohort()).document(),
  reference: (given) => {
    const reference = given.methodology().score(given.cohort()).reference()
    return { reference: JSON.parse(reference.toJson()), sha256: reference.sha256 }
  },
  alone: (given, asked, page) => {
    const reference = Reference.fromJson(input(asked.reference, page), given.methodology())
    const [territory] = reference.scoreEach(given.cohort()).territories
    const { territories, accounts, previous } = asked.cohort.json ?? {}
    if (territories?.length === 1 && typeof input(asked.cohort, page) === 'object') {
      // By itself too: the first time by its document, and then, mostly, quickly.
      const own = { ...territories[0], accounts, ...(previous && { previous }), ...(asked.cohort.json.synthetic && { synthetic: true }) }
      for (let round = 0; round < 2; round++) assert.deepEqual(reference.score(own), territory, asked.id)
    }
    return { territory }
  },
  publish,
  receipt,
  sheet: (given, { publication }, page) => {
    const read = Publication.fromJson(input(publication, page))
    return { point: read.sheet(), comma: read.sheet({ decimalComma: true }) }
  },
  verify: verified,
  table: (given, asked, page) => {
    const options = { methodology: given.methodology(), territories: asked.territories && input(asked.territories, page) }
    return { cohort_sha256: Cohort.fromCsv(input(asked.table, page), options).sha256 }
  },
}

function answer(asked, page) {
  const given = {
    methodology: () => Methodology.fromJson(input(asked.methodology, page), { others: pinned(asked.others, page) }),
    cohort: () => Cohort.from(input(asked.cohort, page)),
  }
  try {
    return OPERATIONS[asked.operation](given, asked, page) ?? { faults: [] }
  } catch (error) {
    if (!(error instanceof BaremeError)) throw error
    return { faults: error.faults }
  }
}

const LEFT_OUT = new Set(['language', 'document', 'methodology', 'cohort', 'name', 'structure_type', 'status', 'method_sha256', 'sha256'])
const view = new DataView(new ArrayBuffer(8))

function bits(number) {
  view.setFloat64(0, number)
  return view.getBigUint64(0).toString(16).padStart(16, '0')
}

function publish(given, { inputs, notes, supersedes }) {
  const document = given.methodology().score(given.cohort()).publication({ inputs, notes, supersedes }).document()
  const { head, roll_ups, rows, sha256: own } = document
  // The envelope is the publisher's.
  delete document.envelope
  const brief = rows.map(({ result, sha256 }) => ({ result, sha256 }))
  return { head, ...(roll_ups && { roll_ups }), rows: brief, sha256: own, text_sha256: sha256(canonical(document)) }
}

function receipt(given, { publication, territory, with_reference: reference = true }, page) {
  const receipt = Publication.fromJson(input(publication, page)).receipt(territory, { reference })
  return { proof: receipt.document().proof, text_sha256: sha256(receipt.toJson()) }
}

/** What is normative of a report. */
function verified(given, asked, page) {
  const known = []
  for (const one of asked.known ?? []) known.push(Methodology.fromJson(input(one, page), { others: known }))
  const report = verify(input(asked.publication, page), {
    known,
    keys: asked.keys,
    cohort: asked.cohort && given.cohort(),
    reference: asked.reference && input(asked.reference, page),
    disagreements: 2 ** 32 - 1,
  })
  const disagreements = report.disagreements.map(({ step, pointer, depth, territory, expected, found }) => ({
    step,
    pointer,
    depth,
    ...(territory !== undefined && territory !== null && { territory }),
    ...(expected?.bits && { expected: expected.bits }),
    ...(found?.bits && { found: found.bits }),
  }))
  return {
    report: {
      verified: report.verified,
      depth: report.depth,
      ...(asked.publication.json === undefined && { canonical: report.canonical }),
      checks: report.checks.map(({ check, outcome }) => ({ check, outcome })),
      disagreements,
    },
  }
}

function compare(expected, found, at) {
  if (expected?.bits !== undefined && expected.decimal !== undefined) {
    assert.equal(typeof found, 'number', at)
    assert.equal(bits(found), expected.bits, at)
    // The shortest decimal is JavaScript's own, up to notation.
    assert.equal(Number(expected.decimal), found, at)
    return
  }
  if (typeof expected !== 'object' || expected === null) {
    assert.deepEqual(found, expected, at)
    return
  }
  if (Array.isArray(expected)) assert.equal(found.length, expected.length, at)
  for (const [name, value] of Object.entries(expected)) compare(value, found?.[name], `${at}/${name}`)
  for (const name of Object.keys(found)) assert.ok(name in expected || LEFT_OUT.has(name), `${at}/${name} is not expected`)
}

const placed = ({ code, pointer, cell, position }) => JSON.stringify([code, pointer, cell && [cell.table, cell.row, cell.column], position && [position.line, position.column]])

for (const page of pages) {
  test(`the vectors of ${page} through the interface`, () => {
    const whole = JSON.parse(read('spec', 'vectors', 'bareme-1', page))
    for (const asked of whole.cases) {
      const found = answer(asked, whole)
      const { expected } = asked
      if (expected.faults === undefined) {
        // The digest of a scoring document is held by the runner inside.
        const { sha256, ...rest } = expected
        if (sha256 !== undefined && found.sha256 !== undefined) assert.equal(found.sha256, sha256, asked.id)
        if (rest.report !== undefined) {
          const sorted = ({ report }) => report.disagreements.map(canonical).sort()
          assert.deepEqual(sorted(found), sorted(rest), asked.id)
          for (const { report } of [found, rest]) delete report.disagreements
        }
        compare(rest, found, asked.id)
      } else {
        const sorted = (faults) => [...new Set(faults.map(placed))].sort()
        assert.deepEqual(sorted(found.faults), sorted(expected.faults), asked.id)
      }
    }
  })
}

test('the words of types are all that there are', async () => {
  const { readFileSync } = await import('node:fs')
  const types = readFileSync(new URL('../documents.d.ts', import.meta.url), 'utf8')
  const words = (name) => new Set(types.match(new RegExp(`export type ${name} = (.*)`))[1].split(' | ').map((word) => word.slice(1, -1)))
  const found = { State: new Set(), FlagCode: new Set() }
  const visit = (value) => {
    if (typeof value !== 'object' || value === null) return
    if (typeof value.state === 'string') found.State.add(value.state)
    if (Array.isArray(value.flags)) value.flags.forEach((flag) => flag.code && found.FlagCode.add(flag.code))
    Object.values(value).forEach(visit)
  }
  for (const page of pages) JSON.parse(read('spec', 'vectors', 'bareme-1', page)).cases.forEach(({ expected }) => visit(expected))
  assert.deepEqual([...found.State].filter((state) => !words('State').has(state)), [])
  assert.deepEqual([...found.FlagCode].sort(), [...words('FlagCode')].sort())
})
