// One territory alone, quickly: its numbers cross in an array that is used again, and what is the same of
// every result is put together here from the first one.
//
// It takes what is certainly sound and gives up on anything else, as records.js does: then the documents
// cross, which say what is wrong and where. Both ways give the same.
import * as native from '../native/index.js'

const TERRITORY = new Set(['id', 'name', 'structure_type', 'population', 'population_vintage', 'department', 'region', 'accounts'])
const ACCOUNT = new Set(['territory', 'network', 'metrics', 'main'])

const STATES = native.states()

export class Alone {
  #handle
  #in = new Float64Array(128)
  #out = new Float64Array(1024)
  /** The same memory as the native module writes it. */
  #bytes = Buffer.from(this.#out.buffer)
  #at = 0
  /** By number: the names of an account's metrics. */
  #shapes = []
  /** Of a result: what does not depend on the territory. */
  #template

  constructor(handle) {
    this.#handle = handle
  }

  /** The score, or nothing when this way does not serve. */
  score(territory) {
    if (this.#template === undefined) return undefined
    const texts = this.#pack(territory)
    if (texts === undefined) return undefined
    const words = this.#handle.scorePacked(texts, this.#in, this.#at, this.#bytes)
    if (words === null) {
      // Whatever the reason was, another time there is place enough.
      if (this.#out.length < 1 << 16) {
        this.#out = new Float64Array(2 * this.#out.length)
        this.#bytes = Buffer.from(this.#out.buffer)
      }
      return undefined
    }
    this.#at = 0
    return this.#result(JSON.parse(words), this.#template)
  }

  /** Learns what results have in common. */
  learn(score) {
    this.#template ??= templateOf(score)
  }

  /** The texts; the numbers go into the array. */
  #pack(territory) {
    if (!isPlain(territory, TERRITORY)) return undefined
    const { id, name, structure_type: type, population_vintage: vintage, department, region, accounts } = territory
    if (!isText(id) || !isText(name) || !isText(type)) return undefined
    if (!isTextOrNone(vintage) || !isTextOrNone(department) || !isTextOrNone(region)) return undefined
    let texts = `${id}\0${name}\0${type}\0${vintage ?? ''}\0${department ?? ''}\0${region ?? ''}`
    this.#at = 0
    if (!this.#put(territory.population)) return undefined
    if (accounts !== undefined) {
      if (!Array.isArray(accounts)) return undefined
      for (const account of accounts) {
        if (!isPlain(account, ACCOUNT) || !isText(account.network)) return undefined
        if (account.territory !== undefined && account.territory !== id) return undefined
        if (account.main !== undefined && account.main !== false) return undefined
        if (!this.#putMetrics(account.metrics)) return undefined
        texts += `\0${account.network}`
      }
    }
    return texts.isWellFormed() ? texts : undefined
  }

  #put(value) {
    if (value === undefined || value === null) this.#in[this.#at++] = NaN
    else if (typeof value !== 'number') return false
    else if (Number.isSafeInteger(value) || Number.isNaN(value) || (Number.isFinite(value) && !Number.isInteger(value))) this.#in[this.#at++] = value
    else return false
    return true
  }

  #putMetrics(metrics) {
    if (!isPlain(metrics)) return false
    const names = Object.keys(metrics)
    const shape = this.#shapeOf(names)
    if (shape === undefined) return false
    if (this.#at + names.length + 2 > this.#in.length) {
      const larger = new Float64Array(2 * (this.#at + names.length + 2))
      larger.set(this.#in)
      this.#in = larger
    }
    this.#in[this.#at++] = shape
    for (const name of names) if (!this.#put(metrics[name])) return false
    return true
  }

  #shapeOf(names) {
    for (let place = 0; place < this.#shapes.length; place++) if (same(this.#shapes[place], names)) return place
    // Who names metrics at random is served the other way.
    if (this.#shapes.length >= 64 || !names.every((name) => name.isWellFormed())) return undefined
    this.#shapes.push(names)
    return this.#handle.shape(names)
  }

  /** The members, in the order of the document. */
  #result([id, name, structure_type, stratum, grade, published, flags, parts], template) {
    // Kept here meanwhile: members of an object cost more to read, and there are hundreds of numbers.
    const out = this.#out
    let at = this.#at
    const result = { id, name, structure_type, stratum, status: template.status, method_sha256: template.method_sha256 }
    if (out[at++] === 1) result.synthetic = true
    const indices = (result.indices = new Array(out[at++]))
    for (let place = 0; place < indices.length; place++, at += 4) {
      const index = {
        id: template.indices[place],
        score: orNull(out[at]),
        published: published[place],
        state: STATES[out[at + 1]],
        weight: orNull(out[at + 2]),
      }
      const count = out[at + 3]
      if (count > 0) {
        index.weights = new Array(count)
        for (let child = 0; child < count; child++) index.weights[child] = out[at + 4 + child]
        at += count
      }
      indices[place] = index
    }
    const criteria = (result.criteria = new Array(out[at++]))
    for (let place = 0; place < criteria.length; place++, at += 4) {
      const { indicator, network } = template.criteria[place]
      const raw = orNull(out[at])
      const state = STATES[out[at + 1]]
      const mark = orNull(out[at + 2])
      const weight = orNull(out[at + 3])
      criteria[place] = network === undefined ? { indicator, raw, state, mark, weight } : { indicator, network, raw, state, mark, weight }
    }
    const ranks = (result.ranks = new Array(out[at++]))
    for (let place = 0; place < ranks.length; place++, at += 2) {
      const { view, within } = template.ranks[place]
      ranks[place] = { view, within, rank: orNull(out[at]), of: orNull(out[at + 1]) }
    }
    if (grade !== null) result.grade = grade
    result.flags = flags
    const count = out[at++]
    this.#at = at
    if (count > 0) {
      result.parts = template.parts.map(({ id, version, territory }, place) => ({ id, version, territory: this.#result(parts[place], territory) }))
    }
    return result
  }
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

function isPlain(value, known) {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  if (known !== undefined) for (const name in value) if (!known.has(name)) return false
  return true
}

const isText = (value) => typeof value === 'string' && value !== ''
const isTextOrNone = (value) => value === undefined || isText(value)

function same(a, b) {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}
