import { Cohort } from './cohort.js'
import { columnsOfFrame, rowsOfFrame } from './columns.js'
import { call } from './errors.js'
import { Held, held } from './handle.js'
import { refuse, textOf } from './json.js'
import { Methodology } from './methodology.js'
import { Publication } from './publication.js'
import { Reference } from './reference.js'

export class Scoring extends Held {
  #cohort
  #methodology
  #reference

  get methodology() {
    return (this.#methodology ??= held(Methodology, call(() => Held.handleOf(this).methodology())))
  }

  get cohort() {
    return (this.#cohort ??= held(Cohort, call(() => Held.handleOf(this).cohort())))
  }

  get size() {
    return call(() => Held.handleOf(this).size())
  }

  scores({ columns = false } = {}) {
    return shapeOf(call(() => Held.handleOf(this).scores()), columns)
  }

  indicators({ columns = false } = {}) {
    return shapeOf(call(() => Held.handleOf(this).indicators()), columns)
  }

  ranking({ by, within, columns = false } = {}) {
    const view = by === undefined ? undefined : textOf(by, '/by')
    const group = within === undefined ? undefined : textOf(within, '/within')
    return shapeOf(call(() => Held.handleOf(this).ranking(view, group)), columns)
  }

  document() {
    return JSON.parse(this.toJson())
  }

  toJson() {
    return call(() => Held.handleOf(this).document())
  }

  territory(idOrName) {
    return this.territories([idOrName])[0]
  }

  territories(idsOrNames) {
    const asked = [...idsOrNames].map((asked, place) => textOf(asked, `/${place}`))
    const places = asked.map((asked) => call(() => Held.handleOf(this).find(asked)))
    return JSON.parse(call(() => Held.handleOf(this).territories(places)))
  }

  toBytes() {
    return call(() => Held.handleOf(this).documentBytes())
  }

  reference() {
    return (this.#reference ??= held(Reference, call(() => Held.handleOf(this).reference())))
  }

  publication({ inputs, notes, supersedes, time, sign } = {}) {
    const text = (value, pointer) => (value === undefined ? undefined : textOf(value, pointer))
    if (notes !== undefined && !Array.isArray(notes)) refuse('type', '/notes', notes)
    if (supersedes !== undefined && (typeof supersedes !== 'object' || supersedes === null)) refuse('type', '/supersedes', supersedes)
    const choices = {
      inputs: text(inputs, '/inputs'),
      notes: notes?.map((note, place) => textOf(note, `/notes/${place}`)),
      supersedes: supersedes && {
        sha256: textOf(supersedes.sha256, '/supersedes/sha256'),
        reason: textOf(supersedes.reason, '/supersedes/reason'),
      },
      time: text(time, '/time'),
      sign: text(sign, '/sign'),
    }
    return held(Publication, call(() => Held.handleOf(this).publication(choices)))
  }

  receipt(territory, { reference = true, ...options } = {}) {
    return this.publication(options).receipt(territory, { reference })
  }
}

function shapeOf(frame, columns) {
  return columns ? columnsOfFrame(frame) : rowsOfFrame(frame)
}
