// A panic inside becomes an error, and the process lives: each in a process of its own, which must end well.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { here } from './support.js'

function run(source) {
  const preamble = `
    import assert from 'node:assert/strict'
    import * as native from ${JSON.stringify(new URL('../native/index.js', import.meta.url).href)}
    import { BaremeError, methodology } from 'bareme'
    import { call, translated } from ${JSON.stringify(new URL('../lib/errors.js', import.meta.url).href)}
    const internal = (error) => error instanceof BaremeError && error.code === 'internal' && /a test asked for/.test(error.message)
  `
  const ended = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', `${preamble}\n${source}\nconsole.log('alive', methodology('observatoire-instagram@2017.10').id)`], { cwd: here, encoding: 'utf8' })
  assert.equal(ended.stdout.trim(), 'alive observatoire-instagram', ended.stderr)
  assert.equal(ended.status, 0)
}

test('in a call', () => run('for (let i = 0; i < 3; i++) assert.throws(() => call(() => native.panicInCall()), internal)'))
test('while a call begins or ends', () => run('assert.throws(() => call(() => native.panicOutsideGuard()), internal)'))
test('in a task, on its own thread', () => run('await assert.rejects(native.panicInTask(false).catch((error) => { throw translated(error) }), internal)'))
test('in a task, back on this thread', () => run('await assert.rejects(native.panicInTask(true).catch((error) => { throw translated(error) }), internal)'))
test('in a finaliser', () =>
  run(`
    for (let i = 0; i < 100; i++) new native.PanicInFinaliser()
    for (let i = 0; i < 5; i++) { gc(); await new Promise((resolve) => setImmediate(resolve)) }
  `))
test('in finalisers as the process ends', () => run('globalThis.kept = new native.PanicInFinaliser()'))
