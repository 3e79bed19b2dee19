// The package as a new user meets it: packed, and installed in an empty folder.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { METHODOLOGY, here, pair } from './support.js'

const folder = mkdtempSync(join(tmpdir(), 'bareme-'))
after(() => rmSync(folder, { recursive: true }))

function run(cwd, command, ...words) {
  const ran = spawnSync(command, words, { cwd, encoding: 'utf8' })
  assert.equal(ran.status, 0, `${command} ${words.join(' ')}\n${ran.stdout}\n${ran.stderr}`)
  return ran.stdout.trim()
}

const npm = (cwd, ...words) => run(cwd, 'npm', ...words)
const pack = (cwd) => join(folder, npm(cwd, 'pack', '--silent', '--pack-destination', folder))

/** An empty folder into which packages are installed, without the network. */
function installed(name, ...tarballs) {
  const empty = join(folder, name)
  mkdirSync(empty)
  npm(empty, 'init', '--yes', '--silent')
  npm(empty, 'install', '--offline', '--no-audit', '--no-fund', ...tarballs)
  return empty
}

const tarball = pack(here)
const user = installed('user', tarball)
const manifest = JSON.parse(readFileSync(join(user, 'node_modules', 'bareme', 'package.json'), 'utf8'))

const PROGRAM = `
  const official = methodology('${METHODOLOGY}')
  console.log(official.score(${JSON.stringify(pair())}).territory('06083').indices[0].published)`
const PUBLISHED = run(here, process.execPath, '--input-type=module', '-e', `import { methodology } from 'bareme'\n${PROGRAM}`)

test('publint finds nothing', async () => {
  const { messages, pkg } = await publint({ pkgDir: 'package', strict: true, pack: { tarball: Uint8Array.from(readFileSync(tarball)).buffer } })
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), [])
})

test('it brings nothing along and runs nothing when it is installed', () => {
  assert.deepEqual(readdirSync(join(user, 'node_modules')).filter((name) => !name.startsWith('.')), ['bareme'])
  assert.equal(manifest.dependencies, undefined)
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) assert.equal(manifest.scripts?.[script], undefined)
  const files = readdirSync(join(user, 'node_modules', 'bareme'), { recursive: true })
  for (const file of ['index.d.ts', 'documents.d.ts', 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE', join('schemas', 'cohort.schema.json')])
    assert.ok(files.includes(file), `${file} is missing`)
  assert.ok(!files.some((file) => /^(tests|src|scripts|node_modules)/.test(file)), files.join(' '))
})

test('import', () => {
  assert.equal(run(user, process.execPath, '--input-type=module', '-e', `import { methodology } from 'bareme'\n${PROGRAM}`), PUBLISHED)
})

test('require', () => {
  assert.equal(run(user, process.execPath, '--no-warnings', '--input-type=commonjs', '-e', `const { methodology } = require('bareme')\n${PROGRAM}`), PUBLISHED)
})

test('a worker thread', () => {
  const worker = `import { methodology } from 'bareme'\n${PROGRAM}`
  writeFileSync(join(user, 'worker.mjs'), worker)
  assert.equal(run(user, process.execPath, '-e', `new (require('node:worker_threads').Worker)('./worker.mjs')`), PUBLISHED)
})

test('TypeScript, strict', () => {
  writeFileSync(join(user, 'program.mts'), `import { methodology, type TerritoryScore } from 'bareme'\nconst one: TerritoryScore = methodology('x@1').score('').territory('y')\nexport default one\n`)
  writeFileSync(join(user, 'program.cts'), `import bareme = require('bareme')\nexport const id: string = bareme.methodology('x@1').id\n`)
  const tsc = join(here, 'node_modules', 'typescript', 'bin', 'tsc')
  run(user, process.execPath, tsc, '--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', 'program.mts', 'program.cts')
})

test('the schemas', () => {
  const source = `import schema from 'bareme/schemas/cohort.schema.json' with { type: 'json' }\nconsole.log(schema.title)`
  assert.equal(run(user, process.execPath, '--no-warnings', '--input-type=module', '-e', source), 'A cohort of territories and their accounts')
  const inside = spawnSync(process.execPath, ['--input-type=module', '-e', `import 'bareme/native/index.js'`], { cwd: user, encoding: 'utf8' })
  assert.match(inside.stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/)
})

test('without a network', (context) => {
  if (spawnSync('unshare', ['-rn', 'true']).status !== 0) return context.skip('this system cannot take the network away')
  assert.equal(run(user, 'unshare', '-rn', process.execPath, '--input-type=module', '-e', `import { methodology } from 'bareme'\n${PROGRAM}`), PUBLISHED)
})

test('the layout of prebuilt packages: one for each platform, beside one that holds none', () => {
  const work = join(folder, 'layout')
  cpSync(here, work, { recursive: true, filter: (path) => !/node_modules|[/\\]tests|[/\\]src|\.tgz$/.test(path.slice(here.length)) })
  const napi = join(here, 'node_modules', '@napi-rs', 'cli', 'dist', 'cli.js')
  run(work, process.execPath, napi, 'create-npm-dirs')
  const platforms = readdirSync(join(work, 'npm'))
  assert.equal(platforms.length, JSON.parse(readFileSync(join(work, 'package.json'), 'utf8')).napi.targets.length)
  for (const platform of platforms) assert.equal(JSON.parse(readFileSync(join(work, 'npm', platform, 'package.json'), 'utf8')).version, manifest.version)
  const built = readdirSync(join(work, 'native')).filter((name) => name.endsWith('.node'))
  assert.equal(built.length, 1)
  const platform = built[0].split('.')[1]
  // What `napi artifacts` does once every platform is built.
  renameSync(join(work, 'native', built[0]), join(work, 'npm', platform, built[0]))
  // Packing writes over the other tarball, whose name is the same.
  const other = installed('prebuilt', pack(join(work, 'npm', platform)), pack(work))
  assert.ok(!readdirSync(join(other, 'node_modules', 'bareme', 'native')).some((name) => name.endsWith('.node')))
  assert.equal(run(other, process.execPath, '--input-type=module', '-e', `import { methodology } from 'bareme'\n${PROGRAM}`), PUBLISHED)
})
