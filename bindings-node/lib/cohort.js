import * as native from '../native/index.js'
import { settle, tableOf } from './columns.js'
import { call } from './errors.js'
import { Held, handleOf, held } from './handle.js'
import { bytesOf, bytesOfCohort, isBytes, refuse, textOf } from './json.js'
import { Methodology } from './methodology.js'
import { packed } from './records.js'

export class Cohort extends Held {
  #about

  static from(given) {
    return typeof given === 'string' || isBytes(given) ? Cohort.fromJson(given) : Cohort.fromObjects(given)
  }

  static fromJson(document) {
    const bytes = bytesOfCohort(document)
    return held(Cohort, call(() => native.NativeCohort.read(bytes)))
  }

  static fromObjects(given) {
    const records = packed(given)
    const quick = records && call(() => native.cohortOfRecords(records))
    return quick ? held(Cohort, quick) : Cohort.fromJson(asDocument(given))
  }

  static fromTable(table, options) {
    const { methodology, period, ignoreUnknown, territories } = optionsOf(options)
    const troubles = []
    const tables = {
      accounts: tableOf(table, false, troubles),
      territories: territories === undefined ? undefined : tableOf(territories, true, troubles),
      period,
      ignoreUnknown,
    }
    settle(troubles)
    return restricted(call(() => native.cohortOfColumns(tables, methodology)))
  }

  static fromCsv(csv, options) {
    const { methodology, period, ignoreUnknown, territories } = optionsOf(options)
    const second = territories === undefined ? undefined : csvOf(territories, '/territories')
    return restricted(call(() => native.cohortOfCsv(csvOf(csv, ''), second, period, ignoreUnknown, methodology)))
  }

  get ignored() {
    return IGNORED.get(this) ?? []
  }

  get #what() {
    return (this.#about ??= JSON.parse(call(() => Held.handleOf(this).about())))
  }

  get size() {
    return call(() => Held.handleOf(this).size())
  }

  get sha256() {
    return this.#what.sha256
  }

  get period() {
    const { from, to } = this.#what
    return from === undefined ? undefined : { from, to }
  }

  get synthetic() {
    return this.#what.synthetic === true
  }

  get networks() {
    return call(() => Held.handleOf(this).networks())
  }

  check(methodology) {
    const handle = handleOf(methodology, Methodology) ?? refuse('type', '', methodology)
    call(() => Held.handleOf(this).check(handle))
  }

  restrictedTo(methodology) {
    const handle = handleOf(methodology, Methodology) ?? refuse('type', '', methodology)
    return restricted(call(() => Held.handleOf(this).restrictedTo(handle)))
  }

  toJson() {
    return call(() => Held.handleOf(this).toJson())
  }
}

/** What was left out of cohorts. */
const IGNORED = new WeakMap()

function restricted({ cohort, ignored }) {
  const object = held(Cohort, cohort)
  IGNORED.set(object, JSON.parse(ignored))
  return object
}

function optionsOf({ methodology, territories, period, ignoreUnknown = false } = {}) {
  const handle = handleOf(methodology, Methodology) ?? refuse('type', '/methodology', methodology)
  const given = period && { from: textOf(period.from, '/period/from'), to: textOf(period.to, '/period/to') }
  return { methodology: handle, territories, period: given, ignoreUnknown: ignoreUnknown === true }
}

/** A CSV text as bytes. */
function csvOf(csv, pointer) {
  return typeof csv === 'string' ? Buffer.from(textOf(csv, pointer)) : isBytes(csv) ? bytesOf(csv) : refuse('type', pointer, csv)
}

/** What of a document goes without saying here. */
function asDocument(given) {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
  return isObject ? { language: 'bareme/1', document: 'cohort', ...given } : given === undefined ? null : given
}

