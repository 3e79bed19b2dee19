import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Cohort, Publication, Receipt, methodology, verify } from 'bareme'
import { METHODOLOGY, pair, read, root, said } from './support.js'

const official = methodology(METHODOLOGY)
const folder = mkdtempSync(join(tmpdir(), 'bareme-'))
after(() => rmSync(folder, { recursive: true }))

/** The command line, built from the same sources; or the one that `BAREME` names. */
function command(...words) {
  const built = process.env.BAREME
  const cargo = ['run', '--quiet', '--profile', 'test', '--package', 'bareme-cli', '--', ...words]
  const ran = spawnSync(built ?? 'cargo', built === undefined ? cargo : words, { cwd: root, encoding: 'utf8' })
  assert.equal(ran.status, 0, ran.stderr)
}

test('the bytes are those of the command line', () => {
  const csv = join(root, 'examples', 'petite-france', 'cohort-synthetic.csv')
  const scoring = official.score(Cohort.fromCsv(readFileSync(csv), { methodology: official }))
  const time = '2026-11-24T12:00:00Z'
  for (const inputs of ['included', 'digest']) {
    const path = join(folder, `${inputs}.json`)
    command('publish', csv, '-m', METHODOLOGY, '--inputs', inputs, '--note', 'synthétique', '--time', time, '-o', path)
    const theirs = readFileSync(path, 'utf8')
    const publication = scoring.publication({ inputs, notes: ['synthétique'], time })
    assert.equal(publication.toJson(), theirs)
    assert.deepEqual(Buffer.from(publication.toBytes()).toString(), publication.toJson())
    assert.equal(Publication.fromJson(theirs).sha256, publication.sha256)
    assert.ok(verify(theirs).verified)
    const receipt = join(folder, 'receipt.json')
    command('receipt', path, '06083', '-o', receipt)
    assert.equal(Publication.fromJson(theirs).receipt('06083').toJson(), readFileSync(receipt, 'utf8'))
    command('verify', receipt)
  }
  const path = join(folder, 'reference.json')
  command('reference', csv, '-m', METHODOLOGY, '-o', path)
  assert.equal(scoring.reference().toJson(), readFileSync(path, 'utf8'))
})

test('the bytes are those of Python', (context) => {
  const python = process.env.BAREME_PYTHON
  if (python === undefined) return context.skip('BAREME_PYTHON does not say which Python has the package')
  const csv = join(root, 'examples', 'petite-france', 'cohort-synthetic.csv')
  const time = '2026-11-24T12:00:00Z'
  const path = join(folder, 'python.json')
  const program = `import sys, bareme
from pathlib import Path
csv, methodology, time, path = sys.argv[1:]
scoring = bareme.methodology(methodology).score(Path(csv))
scoring.publication(notes=["synthétique"], time=time).save(path)`
  const ran = spawnSync(python, ['-c', program, csv, METHODOLOGY, time, path], { cwd: folder, encoding: 'utf8' })
  assert.equal(ran.status, 0, ran.stderr)
  const scoring = official.score(Cohort.fromCsv(readFileSync(csv), { methodology: official }))
  assert.equal(scoring.publication({ notes: ['synthétique'], time }).toJson(), readFileSync(path, 'utf8'))
})

test('a publication says what it is', () => {
  const publication = official.score({ ...pair(), synthetic: true }).publication()
  assert.equal(publication.head.rows, 2)
  assert.equal(publication.head.synthetic, true)
  assert.equal(publication.methodology.methodSha256, official.methodSha256)
  assert.equal(publication.document().sha256, publication.sha256)
  const again = Publication.fromJson(publication.document())
  assert.equal(again.toJson(), publication.toJson())
})

test('a receipt is verified alone', () => {
  const scoring = official.score(pair())
  const publication = scoring.publication()
  const receipt = publication.receipt('06083')
  assert.equal(receipt.territory, '06083')
  assert.equal(receipt.sha256, publication.sha256)
  assert.equal(receipt.methodology.id, official.id)
  assert.equal(Receipt.fromJson(receipt.toJson()).toJson(), receipt.toJson())
  assert.equal(verify(receipt).depth, 2)
  assert.ok(verify(receipt.document()).verified)
  assert.equal(scoring.receipt('06083').toJson(), receipt.toJson())
  const small = scoring.receipt('06083', { reference: false })
  assert.ok(small.toJson().length < receipt.toJson().length)
  assert.equal(verify(small).depth, 1)
  assert.equal(verify(small, { reference: scoring.reference() }).depth, 2)
  assert.equal(verify(small, { reference: scoring.reference().toJson() }).depth, 2)
  assert.deepEqual(said(() => publication.receipt('75056')), ['territory_not_found '])
  assert.deepEqual(said(() => publication.receipt(6083)), ['wrong_type '])
})

test('what was altered is found', () => {
  const text = official.score(pair()).publication().toJson()
  assert.ok(verify(text).verified)
  const altered = text.replace('"likes":9000', '"likes":9100')
  const report = verify(altered)
  assert.equal(report.verified, false)
  assert.equal(report.disagreements[0].territory, '06083')
  assert.ok(report.disagreement_count >= report.disagreements.length)
  assert.equal(verify(altered, { disagreements: 1 }).disagreements.length, 1)
  const digests = official.score(pair()).publication({ inputs: 'digest' })
  assert.equal(verify(digests).depth, 1)
  assert.equal(verify(digests, { cohort: pair() }).depth, 3)
})

test('signatures', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const sign = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const key = publicKey.export({ type: 'spki', format: 'pem' })
  const publication = official.score(pair()).publication({ sign })
  assert.deepEqual(verify(publication, { keys: [key] }).signature.known, true)
  assert.equal(verify(official.score(pair()).publication(), { keys: [key] }).verified, false)
  const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
  assert.equal(verify(publication, { keys: [other] }).verified, false)
})

test('an erratum names what it replaces', () => {
  const before = official.score(pair()).publication()
  const after = official.score(pair()).publication({ supersedes: { sha256: before.sha256, reason: 'un compte manquait' } })
  assert.equal(after.head.supersedes.sha256, before.sha256)
  assert.notEqual(after.sha256, before.sha256)
  assert.deepEqual(said(() => official.score(pair()).publication({ supersedes: { sha256: before.sha256 } })), ['wrong_type /supersedes/reason'])
})

test('what is wrong with the options is said at once', () => {
  const scoring = official.score(pair())
  assert.deepEqual(said(() => scoring.publication({ inputs: 'none', notes: ['', 'x'], supersedes: { sha256: 'x', reason: '' }, sign: 'x' })).sort(), [
    'out_of_range /notes/0',
    'out_of_range /supersedes/reason',
    'out_of_range /supersedes/sha256',
    'unknown_value /inputs',
    'unknown_value /sign',
  ])
  assert.deepEqual(said(() => scoring.publication({ time: 'noon' })), ['invalid_date /envelope/time'])
  assert.deepEqual(said(() => scoring.publication({ notes: 'x' })), ['wrong_type /notes'])
  assert.deepEqual(said(() => scoring.publication({ notes: ['\ud800'] })), ['lone_surrogate /notes/0'])
  assert.deepEqual(said(() => verify('{}', { keys: ['x', 3] })), ['wrong_type /keys/1'])
  assert.deepEqual(said(() => verify('{}', { keys: ['x'] })), ['unknown_value /keys/0'])
  for (const wrong of ['', '{', '{}', [], null, 3, Buffer.alloc(0), read('spec', 'schemas', 'cohort.schema.json')]) assert.ok(said(() => verify(wrong)).length > 0)
})
