// Columns and rows into what the native module reads: typed arrays as they are, texts joined. What a value
// means is settled there; here only what a column holds.
import { refuse, refuseAll, shown } from './json.js'

/** In a coded column, the place of a text that is not given. */
const NOT_GIVEN = 0xffffffff

/** A table as the native module takes it: from columns by name, or from rows. */
export function tableOf(given, second, troubles) {
  const pointer = second ? '/territories' : ''
  if (typeof given !== 'object' || given === null) refuse('type', pointer, given)
  const columns = Array.isArray(given) ? columnsOf(given, pointer) : given
  return Object.entries(columns).map(([name, cells]) => columnOf(name, cells, second, troubles))
}

/** Rows by column. A row that lacks a column does not give it. */
function columnsOf(rows, pointer) {
  const columns = {}
  rows.forEach((row, place) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) refuse('type', `${pointer}/${place}`, row)
    for (const name of Object.keys(row)) (columns[name] ??= new Array(rows.length))[place] = row[name]
  })
  return columns
}

function columnOf(given, cells, second, troubles) {
  const name = given.toWellFormed()
  const trouble = (kind, row, value) => troubles.push({ kind, pointer: '', cell: { row: row + 1, column: name, second }, value: shown(value) })
  if (name !== given) trouble('surrogate', 0, given)
  const column = { name, count: 0 }
  if (cells instanceof Float64Array) return { ...column, doubles: own(cells) }
  if (cells instanceof Float32Array) return { ...column, singles: own(cells) }
  if (cells instanceof BigInt64Array) return { ...column, integers: own(cells) }
  if (cells instanceof BigUint64Array) return { ...column, naturals: own(cells) }
  // Every other integer is below 2^32, so a binary64 holds it.
  if (ArrayBuffer.isView(cells) && typeof cells[0] === 'number') return { ...column, doubles: Float64Array.from(cells) }
  if (Array.isArray(cells)) return { ...column, ...plainCells(cells, trouble) }
  if (Array.isArray(cells?.texts) && cells.codes instanceof Uint32Array) {
    return { ...column, codes: own(cells.codes), texts: textsOf(cells.texts, (row, text) => trouble('surrogate', cells.codes.indexOf(row), text)) }
  }
  return { ...column, holds: shown(cells), count: typeof cells?.length === 'number' ? cells.length : 0 }
}

/** Memory that another thread may write is read once. */
function own(cells) {
  return cells.buffer instanceof SharedArrayBuffer ? cells.slice() : cells
}

const isNothing = (cell) => cell === undefined || cell === null

/** The cells of an array, by what they are together. */
function plainCells(cells, trouble) {
  const kinds = new Set()
  let last
  for (let row = 0; row < cells.length; row++) {
    const kind = typeof cells[row]
    // Mostly that of the row before.
    if (kind !== last && !isNothing(cells[row])) kinds.add((last = kind))
  }
  if (kinds.has('number')) {
    for (let row = 0; row < cells.length; row++) {
      if (Number.isInteger(cells[row]) && !Number.isSafeInteger(cells[row])) trouble('unsafe', row, cells[row])
    }
  }
  const [kind] = kinds
  if (kinds.size === 1 && kind === 'number') return { doubles: Float64Array.from(cells, (cell) => (isNothing(cell) ? NaN : cell)) }
  if (kinds.size === 1 && kind === 'boolean') {
    const codes = Uint32Array.from(cells, (cell) => (isNothing(cell) ? NOT_GIVEN : Number(cell)))
    return { codes, texts: textsOf(['false', 'true']) }
  }
  const text = (cell) => (isNothing(cell) || Number.isNaN(cell) ? '' : String(cell))
  const isWritten = [...kinds].every((kind) => kind === 'number' || kind === 'bigint')
  if (isWritten && kinds.size > 0) {
    cells.forEach((cell, row) => {
      if (cell === Infinity || cell === -Infinity) trouble('infinite', row, cell)
    })
    return { written: textsOf(Array.from(cells, text)) }
  }
  if (kinds.size === 1 && kind === 'string') return { texts: textsOf(cells, (row, text) => trouble('surrogate', row, text)) }
  if ([...kinds].every((kind) => kind === 'string' || kind === 'number' || kind === 'bigint')) {
    return { texts: textsOf(Array.from(cells, text), (row, text) => trouble('surrogate', row, text)) }
  }
  const other = cells.findIndex((cell) => !isNothing(cell) && !['string', 'number', 'bigint'].includes(typeof cell))
  return { holds: shown(cells[other]), count: cells.length }
}

/** Texts as one; what is nothing is an empty text. */
function textsOf(texts, broken) {
  const text = texts.join(JOINS)
  // What joins them keeps the halves of a surrogate pair apart.
  if (!text.isWellFormed()) {
    texts.forEach((text, row) => {
      if (text?.isWellFormed() === false) broken(row, text)
    })
    return { text: '', count: 0, json: false }
  }
  let joins = 0
  for (let at = text.indexOf(JOINS); at !== -1; at = text.indexOf(JOINS, at + 1)) joins++
  if (joins > Math.max(texts.length - 1, 0)) {
    return { text: JSON.stringify(Array.from(texts, (text) => text ?? '')), count: texts.length, json: true }
  }
  return { text, count: texts.length, json: false }
}

/** What joins texts, and hardly ever stands in one. */
const JOINS = '\0'

/** Reports what was found on the way, if anything. */
export function settle(troubles) {
  if (troubles.length > 0) refuseAll(troubles)
}

/** A native frame as columns by name. */
export function columnsOfFrame({ columns }) {
  return Object.fromEntries(columns.map((column) => [column.name, cellsOf(column)]))
}

/** A native frame as rows. */
export function rowsOfFrame(frame) {
  const columns = Object.entries(columnsOfFrame(frame))
  const rows = new Array(frame.rows)
  for (let row = 0; row < frame.rows; row++) {
    const values = {}
    for (const [name, cells] of columns) {
      const cell = cells[row]
      values[name] = Number.isNaN(cell) ? null : cell
    }
    rows[row] = values
  }
  return rows
}

function cellsOf({ numbers, codes, json }) {
  if (numbers) return numbers
  const values = JSON.parse(json)
  return codes ? Array.from(codes, (code) => values[code] ?? null) : values
}
