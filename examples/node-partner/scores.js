// The scores of a publication, each computed again when it is asked for.
import { Publication, Reference, verify } from 'bareme'

/**
 * @typedef {import('bareme').TerritoryScore} TerritoryScore
 * @typedef {import('bareme').TerritoryWithAccounts} TerritoryWithAccounts
 */

export class Scores {
  /** @type {Map<string, import('bareme').RowRecord>} */
  #rows
  /** @type {Reference} */
  #reference

  /**
   * Reads a publication, and refuses it unless everything in it agrees.
   *
   * @param {string | Uint8Array} text
   */
  constructor(text) {
    const publication = Publication.fromJson(text)
    const report = verify(text)
    if (!report.verified) throw new Error(`la publication est fausse : ${report.disagreements[0]?.text.fr}`)
    const { rows, reference } = publication.document()
    if (reference === undefined) throw new Error('la publication ne contient ni ses données ni sa référence')
    this.methodology = publication.methodology
    this.head = publication.head
    this.sha256 = publication.sha256
    this.#rows = new Map(rows.map((row) => [row.territory.id, row]))
    this.#reference = Reference.fromJson(JSON.stringify(reference), this.methodology)
  }

  /** The territories, by name. */
  list() {
    const all = [...this.#rows.values()].map(({ territory, result }) => ({
      id: territory.id,
      name: territory.name,
      stratum: result.stratum,
      published: result.indices[this.root]?.published,
    }))
    return all.sort((a, b) => a.name.localeCompare(b.name, 'fr'))
  }

  /** The index whose score is the territory's. */
  get root() {
    return this.methodology.document.index.id
  }

  /**
   * The score of a territory of the publication; nothing for another.
   *
   * @param {string} id
   */
  of(id) {
    const row = this.#rows.get(id)
    if (row === undefined) return undefined
    const score = this.score({ .../** @type {TerritoryWithAccounts} */ (row.territory), accounts: row.accounts ?? [] })
    // Whatever is shown is what was published, to the last digit.
    if (score.indices[0]?.published !== (row.result.indices[this.root]?.published ?? null)) throw new Error(`${id} : score inattendu`)
    return score
  }

  /**
   * The score of any territory against the published reference.
   *
   * @param {TerritoryWithAccounts} territory
   */
  score(territory) {
    return this.#reference.score(territory)
  }

  /**
   * What a page says of a score, with the methodology's own words.
   *
   * @param {TerritoryScore} score
   */
  describe(score) {
    const { document } = this.methodology
    const [view] = document.views
    const named = (/** @type {string} */ id) => document.indicators.find((indicator) => indicator.id === id)
    const stratum = document.strata.find(({ id }) => id === score.stratum)
    const rank = score.ranks.find((rank) => rank.view === view?.id && rank.within === 'stratum') ?? score.ranks[0]
    return {
      id: score.id,
      name: score.name,
      structure_type: document.structure_types[score.structure_type]?.label.fr ?? score.structure_type,
      stratum: stratum && { id: stratum.id, label: stratum.label.fr },
      score: { value: score.indices[0]?.score ?? null, published: score.indices[0]?.published ?? null, state: score.indices[0]?.state },
      rank: rank?.rank ? { place: rank.rank, of: rank.of, view: view?.label.fr } : null,
      criteria: score.criteria
        .filter(({ weight }) => weight !== null)
        .map(({ indicator, network, raw, state, mark, weight }) => ({
          id: indicator,
          label: named(indicator)?.label.fr ?? indicator,
          description: named(indicator)?.description?.fr,
          unit: named(indicator)?.unit?.fr,
          network,
          raw,
          state,
          mark,
          weight,
        })),
      flags: score.flags,
      methodology: {
        id: this.methodology.id,
        version: this.methodology.version,
        title: this.methodology.title.fr,
        status: score.status,
        method_sha256: score.method_sha256,
      },
      publication_sha256: this.sha256,
      period: this.head.period,
      synthetic: score.synthetic === true,
    }
  }
}
