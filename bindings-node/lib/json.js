// JavaScript values into the bytes of a JSON document, with nothing rounded, replaced or left out on the
// way: what JSON cannot hold is a fault, with its place.
import * as native from '../native/index.js'
import { call } from './errors.js'

/** Beyond the core's limit, so that the core says where it is passed. */
const MAX_DEPTH = 200
/** Longest value that a fault repeats. */
const SHOWN = 120

/** Members of a cohort that hold numbers by name: there `undefined` is an unknown number, as null and NaN are. */
const NUMBERS = new Set(['metrics', 'attributes'])

/** The bytes of a document that is given as text, as bytes or as an object. */
export function bytesOf(document, numbers = new Set()) {
  if (typeof document === 'string') return bytesOfText(document)
  if (isBytes(document)) return bytesOfView(document)
  return bytesOfValue(document, numbers)
}

/** The bytes of a cohort. */
export function bytesOfCohort(cohort) {
  return bytesOf(cohort, NUMBERS)
}

export function isBytes(value) {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer
}

function bytesOfView(value) {
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value)
  // Memory that another thread may write is read once.
  return bytes.buffer instanceof SharedArrayBuffer ? bytes.slice() : bytes
}

/** A lone surrogate, which no UTF-8 can hold, stands for itself as its escape: the core then says where it is. */
function bytesOfText(text) {
  return Buffer.from(text.isWellFormed() ? text : text.replace(/\p{Surrogate}/gu, escaped))
}

const escaped = (half) => `\\u${half.charCodeAt(0).toString(16)}`

function bytesOfValue(value, numbers) {
  const writer = new Writer(numbers)
  const text = Buffer.from(writer.value(value, ROOT, 0))
  if (writer.troubles.length > 0) call(() => native.refuse(writer.troubles, text))
  return text
}

/** A text that is handed over by itself, such as a name: `pointer` says which one. */
export function textOf(value, pointer = '') {
  if (typeof value === 'string' && value.isWellFormed()) return value
  refuse(typeof value === 'string' ? 'surrogate' : 'type', pointer, value)
}

/** Throws the fault of one value. */
export function refuse(kind, pointer, value) {
  refuseAll([{ kind, pointer, value: shown(value) }])
}

/** Throws the faults of values that the native module never sees. */
export function refuseAll(troubles) {
  call(() => native.refuse(troubles, NULL))
}

const NULL = Buffer.from('null')

const ROOT = { above: null, step: '' }

/** The JSON Pointer of a place. */
function pointer(place) {
  const steps = []
  for (let at = place; at.above !== null; at = at.above) steps.push(String(at.step).replaceAll('~', '~0').replaceAll('/', '~1'))
  return steps.reverse().map((step) => `/${step}`).join('').toWellFormed()
}

/** A value as a fault shows it. */
export function shown(value) {
  let text
  try {
    text = typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value)
  } catch {
    text = typeof value
  }
  return text.slice(0, SHOWN).toWellFormed()
}

class Writer {
  troubles = []
  #numbers

  constructor(numbers) {
    this.#numbers = numbers
  }

  value(value, place, depth) {
    switch (typeof value) {
      case 'string':
        // A lone surrogate comes out as its escape.
        return JSON.stringify(value)
      case 'number':
        return this.number(value, place)
      case 'bigint':
        // Every digit: the core refuses what it could only take rounded.
        return value.toString()
      case 'boolean':
        return value ? 'true' : 'false'
      case 'undefined':
        return 'null'
      case 'object':
        return value === null ? 'null' : this.object(value, place, depth)
      default:
        return this.trouble('type', place, value)
    }
  }

  number(value, place) {
    if (Number.isSafeInteger(value)) return String(value)
    if (Number.isNaN(value)) return 'null'
    if (!Number.isFinite(value)) return this.trouble('infinite', place, value)
    return Number.isInteger(value) ? this.trouble('unsafe', place, value) : String(value)
  }

  object(value, place, depth) {
    if (depth > MAX_DEPTH) return this.trouble('depth', place, value)
    if (Array.isArray(value)) {
      const at = { above: place, step: 0 }
      let text = '['
      for (let index = 0; index < value.length; index++) {
        at.step = index
        text += (index > 0 ? ',' : '') + this.value(value[index], at, depth + 1)
      }
      return `${text}]`
    }
    if (typeof value.toJSON === 'function') return this.value(value.toJSON(), place, depth + 1)
    if (isBytes(value) || value instanceof Map || value instanceof Set) return this.trouble('type', place, value)
    const at = { above: place, step: '' }
    let text = ''
    for (const name of Object.keys(value)) {
      const member = value[name]
      if (member === undefined && !this.#numbers.has(place.step)) continue
      at.step = name
      text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${this.value(member, at, depth + 1)}`
    }
    return text === '' ? '{}' : `${text}}`
  }

  trouble(kind, place, value) {
    this.troubles.push({ kind, pointer: pointer(place), value: shown(value) })
    return 'null'
  }
}
