// Objects into few large values, which cross into the native module faster than many small ones.
//
// It takes what is certainly sound and gives up on anything else: then the same objects are written as JSON
// text (json.js), which says what is wrong and where. So no rule of the core is repeated here.

/** Thrown to give up. */
const UNSURE = Symbol('unsure')

const NO_TEXT = 0xffffffff
const COHORT = new Set(['language', 'document', 'period', 'territories', 'accounts', 'previous', 'synthetic'])
const TERRITORY = new Set([
  'id', 'name', 'structure_type', 'population', 'population_vintage', 'department', 'region', 'attributes', 'stratum', 'formerly',
])
const ACCOUNT = new Set(['territory', 'network', 'metrics', 'main'])

/** The packed cohort, or `undefined` when it is not certain that it is sound. */
export function packed(cohort) {
  try {
    return packedCohort(cohort)
  } catch (error) {
    if (error === UNSURE) return undefined
    throw error
  }
}

function unsure() {
  throw UNSURE
}

/** Is this an object as JSON has them? */
export function isPlain(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** An object as JSON has them, with no other members than `known`. */
function plain(value, known) {
  if (!isPlain(value)) unsure()
  if (known !== undefined) for (const name in value) if (!known.has(name)) unsure()
  return value
}

function list(value) {
  return Array.isArray(value) ? value : unsure()
}

function text(value) {
  return typeof value === 'string' && value !== '' ? value : unsure()
}

function wellFormed(value) {
  return text(value).isWellFormed() ? value : unsure()
}

/** A number as columns hold it. */
function number(value) {
  if (value === undefined || value === null) return NaN
  if (typeof value !== 'number') unsure()
  if (Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value) && !Number.isNaN(value)) unsure()
  return value
}

function packedCohort(given) {
  const cohort = plain(given, COHORT)
  if (cohort.language !== undefined && cohort.language !== 'bareme/1') unsure()
  if (cohort.document !== undefined && cohort.document !== 'cohort') unsure()
  if (cohort.synthetic !== undefined && typeof cohort.synthetic !== 'boolean') unsure()
  const territories = packedTerritories(list(cohort.territories))
  const previous = cohort.previous === undefined ? undefined : plain(cohort.previous, PREVIOUS)
  return {
    period: packedPeriod(cohort.period),
    synthetic: cohort.synthetic === true,
    territories,
    accounts: packedAccounts(list(cohort.accounts)),
    previous: previous && packedAccounts(list(previous.accounts)),
    previousPeriod: previous && packedPeriod(previous.period),
  }
}

const PREVIOUS = new Set(['period', 'accounts'])
const PERIOD = new Set(['from', 'to'])
const STRATUM = new Set(['id', 'reason'])

function packedPeriod(period) {
  if (period === undefined) return undefined
  const { from, to } = plain(period, PERIOD)
  return { from: wellFormed(from), to: wellFormed(to) }
}

function packedTerritories(rows) {
  const count = rows.length
  const ids = new Array(count)
  const names = new Array(count)
  const population = new Float64Array(count)
  const columns = [0, 1, 2, 3].map(() => new Coded(count))
  const [structureTypes, vintages, departments, regions] = columns
  const attributes = new Numbers(count)
  const others = []
  for (let row = 0; row < count; row++) {
    const territory = plain(rows[row], TERRITORY)
    ids[row] = text(territory.id)
    names[row] = text(territory.name)
    structureTypes.put(row, territory.structure_type)
    vintages.putSome(row, territory.population_vintage)
    departments.putSome(row, territory.department)
    regions.putSome(row, territory.region)
    population[row] = number(territory.population)
    attributes.put(row, territory.attributes)
    const { stratum, formerly } = territory
    if (stratum !== undefined || formerly !== undefined) others.push([row, stratum === undefined ? null : byHand(stratum), former(formerly)])
  }
  return {
    ids: joined(ids),
    names: joined(names),
    structureTypes: structureTypes.packed(),
    population,
    populationVintages: vintages.packed(),
    departments: departments.packed(),
    regions: regions.packed(),
    attributes: attributes.packed(),
    others: JSON.stringify(others),
  }
}

function byHand(stratum) {
  const { id, reason } = plain(stratum, STRATUM)
  return { id: wellFormed(id), reason: wellFormed(reason) }
}

function former(formerly) {
  return formerly === undefined ? null : list(formerly).map(wellFormed)
}

function packedAccounts(rows) {
  const count = rows.length
  const territories = new Coded(count)
  const networks = new Coded(count)
  const metrics = new Numbers(count)
  const main = []
  for (let row = 0; row < count; row++) {
    const account = plain(rows[row], ACCOUNT)
    territories.put(row, account.territory)
    networks.put(row, account.network)
    if (account.metrics === undefined) unsure()
    metrics.put(row, account.metrics)
    if (account.main === true) main.push(row)
    else if (account.main !== undefined && account.main !== false) unsure()
  }
  return {
    territories: territories.packed(),
    networks: networks.packed(),
    metrics: metrics.packed(),
    main: Uint32Array.from(main),
  }
}

/** Texts as one. A lone surrogate cannot hide: what joins them keeps halves apart. */
function joined(texts) {
  const all = texts.join('\0')
  return all.isWellFormed() ? { text: all, count: texts.length, json: false } : unsure()
}

/** A column of texts of which few differ. */
class Coded {
  #codes
  #texts = []
  #known = new Map()
  #last = undefined
  #lastCode = 0

  constructor(count) {
    this.#codes = new Uint32Array(count)
  }

  put(row, value) {
    // Rows of one kind mostly follow one another.
    if (value !== this.#last || value === undefined) {
      let code = this.#known.get(text(value))
      if (code === undefined) {
        code = this.#texts.push(value) - 1
        this.#known.set(value, code)
      }
      this.#last = value
      this.#lastCode = code
    }
    this.#codes[row] = this.#lastCode
  }

  putSome(row, value) {
    if (value === undefined) this.#codes[row] = NO_TEXT
    else this.put(row, value)
  }

  packed() {
    return { codes: this.#codes, texts: joined(this.#texts) }
  }
}

/** Numbers by name. */
class Numbers {
  #shape
  #shapes = []
  #known = new Map()
  #last = []
  #lastCode = -1
  #values
  #count = 0

  constructor(count) {
    this.#shape = new Uint32Array(count)
    this.#values = new Float64Array(count * 4)
  }

  put(row, given) {
    const names = given === undefined ? [] : Object.keys(plain(given))
    const start = this.#count
    if (start + names.length > this.#values.length) this.#grow(names.length)
    for (let place = 0; place < names.length; place++) this.#values[start + place] = number(given[names[place]])
    this.#count = start + names.length
    if (!same(names, this.#last) || this.#lastCode < 0) this.#turn(names)
    this.#shape[row] = this.#lastCode
  }

  #turn(names) {
    const key = names.join('\0')
    let code = this.#known.get(key)
    if (code === undefined) {
      names.forEach(wellFormed)
      code = this.#shapes.push(names) - 1
      // Names that hold what joins them could pass for others.
      if (names.some((name) => name.includes('\0'))) unsure()
      this.#known.set(key, code)
    }
    this.#last = names
    this.#lastCode = code
  }

  #grow(more) {
    const values = new Float64Array(Math.max(2 * this.#values.length, this.#count + more))
    values.set(this.#values)
    this.#values = values
  }

  packed() {
    return { shapes: this.#shapes, shape: this.#shape, values: this.#values.subarray(0, this.#count) }
  }
}

/** Are these lists of the same names? */
export function same(a, b) {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}
