import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'
import * as bareme from 'bareme'
import { about } from '../lib/errors.js'
import * as native from '../native/index.js'
import { here } from './support.js'

const tsc = (project) => spawnSync(process.execPath, [join(here, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project], { cwd: here, encoding: 'utf8' })

test('the types of documents are those of the schemas', () => {
  const ran = spawnSync(process.execPath, ['scripts/types.js', '--check'], { cwd: here, encoding: 'utf8' })
  assert.equal(ran.status, 0, ran.stderr)
})

test('what users write compiles, and what they must not write does not', () => {
  const ran = tsc('tests/types')
  assert.equal(ran.status, 0, ran.stdout)
})

const program = ts.createProgram([join(here, 'index.d.ts')], { strict: true, module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'] })
const checker = program.getTypeChecker()
const exported = new Map(checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(join(here, 'index.d.ts')))).map((symbol) => [symbol.name, symbol]))
const isValue = (symbol) => (symbol.flags & (ts.SymbolFlags.Value & ~ts.SymbolFlags.Alias)) !== 0

/** The words of a union of literal types. */
const words = (name) => checker.getDeclaredTypeOfSymbol(exported.get(name)).types.map(({ value }) => value).sort()

test('everything that is exported is typed, and nothing else', () => {
  const typed = [...exported].filter(([, symbol]) => isValue(symbol)).map(([name]) => name)
  assert.deepEqual(typed.sort(), Object.keys(bareme).sort())
})

test('every member of every class is typed, and nothing else', () => {
  // What `Error` brings, and what instances have.
  const inherited = { BaremeError: ['cause', 'code', 'faults', 'message', 'omitted', 'stack', 'toString'] }
  for (const [name, symbol] of exported) {
    if (!isValue(symbol) || (symbol.flags & ts.SymbolFlags.Class) === 0) continue
    const type = bareme[name]
    const members = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).map((member) => member.name)
    const own = Object.getOwnPropertyNames(type.prototype).filter((member) => member !== 'constructor' && !member.startsWith('_'))
    assert.deepEqual(members.filter((member) => !(inherited[name] ?? []).includes(member)).sort(), own.sort(), name)
    const statics = checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol)).map((member) => member.name)
    const given = Object.getOwnPropertyNames(type).filter((member) => !['length', 'name', 'prototype'].includes(member))
    const ofError = ['prototype', 'captureStackTrace', 'prepareStackTrace', 'stackTraceLimit']
    assert.deepEqual(statics.filter((member) => !ofError.includes(member)).sort(), given.sort(), name)
  }
})

test('every export and every member has its documentation, or a name that needs none', () => {
  for (const [name, symbol] of exported) assert.ok(symbol.getDocumentationComment(checker).length > 0 || name === 'Publication', name)
})

test('codes, statuses and states are those of the native module', () => {
  assert.deepEqual(words('State'), native.states().sort())
  assert.deepEqual(words('FlagCode'), native.flagCodes().sort())
  assert.deepEqual(words('ErrorCode'), Object.keys(bareme.errorCodes).sort())
  assert.deepEqual(words('Status'), [...about.statuses].sort())
})
