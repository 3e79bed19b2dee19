// The README's examples run, and give what the comments beside them say.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { here } from './support.js'

test('the README', async () => {
  const blocks = [...readFileSync(join(here, 'README.md'), 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code)
  assert.ok(blocks.length >= 6)
  let checked = 0
  const code = blocks.join('\n').replace(/^( *)([^ /\n].*?) +\/\/ ('.*'|true|\d+|\{.*\})$/gm, (_, indent, expression, value) => {
    checked++
    return `${indent}assert.deepEqual(${expression}, ${value})`
  })
  const path = join(here, 'tests', `readme-${process.pid}.mjs`)
  try {
    writeFileSync(path, `import assert from 'node:assert/strict'\n${code}`)
    await import(pathToFileURL(path))
  } finally {
    rmSync(path)
  }
  assert.ok(checked >= 6, `${checked} values were checked`)
})
