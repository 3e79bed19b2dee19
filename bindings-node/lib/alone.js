// One territory alone, quickly: its numbers and texts cross in memory that is used again, and what is the same
// of every result is put together here from the first one.
//
// It takes what is certainly sound and gives up on anything else, as records.js does: then the documents
// cross, which say what is wrong and where. Both ways give the same.
import * as native from '../native/index.js'
import { isPlain, same } from './records.js'

const STATES = native.states()
/** Far more than there mostly is; what goes beyond is served the other way. */
const NUMBERS = 1 << 12
const BYTES = NUMBERS * Float64Array.BYTES_PER_ELEMENT

export class Alone {
  #handle
  /** First the numbers, then as many bytes of text, as UTF-16. */
  #memory = new ArrayBuffer(2 * BYTES)
  #numbers = new Float64Array(this.#memory, 0, NUMBERS)
  #units = new Uint16Array(this.#memory, BYTES)
  /** Scores what is there. */
  #run
  /** How far numbers and texts are written, then read. */
  #at = 0
  #end = 0
  #calls = 0
  /** By number: the names of an account's metrics. */
  #shapes = []
  /** By number, from 1: texts of which few differ. */
  #words = [null]
  #territory = new Members('id', 'name', 'structure_type', 'population', 'population_vintage', 'department', 'region', 'accounts')
  #account = new Members('territory', 'network', 'metrics', 'main')
  /** Of a result: what does not depend on the territory. */
  #template

  constructor(handle) {
    this.#handle = handle
    this.#run = handle.scorer(Buffer.from(this.#memory))
  }

  /** The score, or nothing when this way does not serve. */
  score(territory) {
    if (this.#template === undefined) return undefined
    const call = ++this.#calls
    this.#at = this.#end = 0
    const own = this.#pack(territory)
    // A getter of the territory may have come here itself, and written over what was there.
    if (own === undefined || call !== this.#calls) return undefined
    const said = this.#run()
    if (said === null) return undefined
    let flags
    if (said !== '') {
      const [words, all] = JSON.parse(said)
      this.#words.push(...words)
      flags = all.values()
    }
    this.#at = this.#end = 0
    return this.#result(own, this.#template, flags)
  }

  /** Learns what results have in common. */
  learn(score) {
    this.#template ??= templateOf(score)
  }

  /** Writes a territory, and gives what its result repeats; nothing when it is not certainly sound, or there is no place. */
  #pack(territory) {
    if (!isPlain(territory) || !this.#territory.are(territory)) return undefined
    const { id, name, structure_type, accounts = NONE } = territory
    if (!Array.isArray(accounts)) return undefined
    const isWritten =
      this.#putNumber(territory.population) &&
      this.#putText(id) &&
      this.#putText(name) &&
      this.#putText(structure_type) &&
      this.#putSome(territory.population_vintage) &&
      this.#putSome(territory.department) &&
      this.#putSome(territory.region)
    if (!isWritten) return undefined
    const count = accounts.length
    this.#numbers[this.#at++] = count
    for (let place = 0; place < count; place++) if (!this.#putAccount(accounts[place], id)) return undefined
    return { id, name, structure_type }
  }

  #putAccount(account, id) {
    if (!isPlain(account) || !this.#account.are(account)) return false
    const { territory, main, metrics } = account
    if (territory !== undefined && territory !== id) return false
    if (main !== undefined && main !== false) return false
    if (!isPlain(metrics)) return false
    const names = Object.keys(metrics)
    const values = Object.values(metrics)
    const shape = this.#shapeOf(names)
    if (shape === undefined || values.length !== names.length) return false
    if (this.#at + values.length + 3 > this.#numbers.length) return false
    this.#numbers[this.#at++] = shape
    if (!this.#putText(account.network)) return false
    for (let place = 0; place < values.length; place++) if (!this.#putNumber(values[place])) return false
    return true
  }

  #putNumber(value) {
    if (value === undefined || value === null) value = NaN
    else if (typeof value !== 'number') return false
    // Beyond the safe ones every number is an integer.
    if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER || Number.isNaN(value))) return false
    this.#numbers[this.#at++] = value
    return true
  }

  #putText(text) {
    return typeof text === 'string' && text !== '' && this.#putUnits(text)
  }

  #putSome(text) {
    return text === undefined ? this.#putUnits('') : this.#putText(text)
  }

  #putUnits(text) {
    const units = this.#units
    const start = this.#end
    const count = text.length
    if (start + count > units.length) return false
    for (let place = 0; place < count; place++) units[start + place] = text.charCodeAt(place)
    this.#end = start + count
    this.#numbers[this.#at++] = count
    return true
  }

  #shapeOf(names) {
    for (let place = 0; place < this.#shapes.length; place++) if (same(this.#shapes[place], names)) return place
    // Who names metrics at random is served the other way.
    if (this.#shapes.length >= 64 || !names.every((name) => name.isWellFormed())) return undefined
    this.#shapes.push(names)
    return this.#handle.shape(names)
  }

  /** A text of so many units; an empty one is none. */
  #takeText(count) {
    const units = this.#units
    const end = this.#end + count
    let text = ''
    for (let place = this.#end; place < end; place++) text += String.fromCharCode(units[place])
    this.#end = end
    return text === '' ? null : text
  }

  /** Reads a result: the members, in the order of the document. */
  #result({ id, name, structure_type }, template, flags) {
    // Kept here meanwhile: members of an object cost more to read, and there are hundreds of numbers.
    const out = this.#numbers
    let at = this.#at
    const stratum = this.#words[out[at++]]
    const grade = this.#words[out[at++]]
    const result = { id, name, structure_type, stratum, status: template.status, method_sha256: template.method_sha256 }
    if (out[at++] === 1) result.synthetic = true
    const indices = (result.indices = new Array(out[at++]))
    for (let place = 0; place < indices.length; place++, at += 5) {
      const index = {
        id: template.indices[place],
        score: orNull(out[at]),
        published: this.#takeText(out[at + 1]),
        state: STATES[out[at + 2]],
        weight: orNull(out[at + 3]),
      }
      const count = out[at + 4]
      if (count > 0) {
        index.weights = new Array(count)
        for (let child = 0; child < count; child++) index.weights[child] = out[at + 5 + child]
        at += count
      }
      indices[place] = index
    }
    const criteria = (result.criteria = new Array(out[at++]))
    for (let place = 0; place < criteria.length; place++, at += 4) {
      const known = template.criteria[place]
      const raw = out[at]
      const state = STATES[out[at + 1]]
      const mark = out[at + 2]
      const weight = out[at + 3]
      // What may be null is made an object twice; mostly none is, and there are hundreds.
      criteria[place] = Number.isNaN(raw + mark + weight)
        ? criterionOf(known, orNull(raw), state, orNull(mark), orNull(weight))
        : criterionOf(known, raw, state, mark, weight)
    }
    const ranks = (result.ranks = new Array(out[at++]))
    for (let place = 0; place < ranks.length; place++, at += 2) {
      const { view, within } = template.ranks[place]
      ranks[place] = { view, within, rank: orNull(out[at]), of: orNull(out[at + 1]) }
    }
    if (grade !== null) result.grade = grade
    result.flags = flags === undefined ? [] : flags.next().value
    const count = out[at++]
    this.#at = at
    if (count > 0) {
      result.parts = template.parts.map(({ id, version, territory }) => ({ id, version, territory: this.#result(result, territory, flags) }))
    }
    return result
  }
}

const NONE = []

/** The members that objects of a kind may have. */
class Members {
  #known
  /** Those of the last object, which are mostly those of the next. */
  #last = []

  constructor(...known) {
    this.#known = new Set(known)
  }

  are(object) {
    const names = Object.keys(object)
    if (same(names, this.#last)) return true
    if (!names.every((name) => this.#known.has(name))) return false
    this.#last = names
    return true
  }
}

function criterionOf({ indicator, network }, raw, state, mark, weight) {
  return network === undefined ? { indicator, raw, state, mark, weight } : { indicator, network, raw, state, mark, weight }
}

/** NaN stands for none. */
function orNull(value) {
  return Number.isNaN(value) ? null : value
}

function templateOf({ status, method_sha256, indices, criteria, ranks, parts = [] }) {
  return {
    status,
    method_sha256,
    indices: indices.map(({ id }) => id),
    criteria: criteria.map(({ indicator, network }) => ({ indicator, network })),
    ranks: ranks.map(({ view, within }) => ({ view, within })),
    parts: parts.map(({ id, version, territory }) => ({ id, version, territory: templateOf(territory) })),
  }
}
