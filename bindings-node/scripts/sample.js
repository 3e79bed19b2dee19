// A cohort of any size, as that of the crate's own benchmarks: 35 counts over one divisor, twelve strata.
import { Methodology } from 'bareme'

export const INDICATORS = 35
const STRATA = 12

const label = (text) => ({ fr: text })
const ids = Array.from({ length: INDICATORS }, (_, place) => `count_${String(place).padStart(2, '0')}`)

export function sampleMethodology() {
  const count = (text) => ({ kind: 'count', measure: 'stock', label: label(text) })
  return Methodology.fromJson({
    language: 'bareme/1',
    document: 'methodology',
    id: 'bench',
    version: '1',
    status: 'draft',
    title: label('Mesure'),
    structure_types: { commune: { label: label('commune') } },
    networks: { net: { label: label('Réseau') } },
    metrics: Object.fromEntries(['followers', ...ids].map((id) => [id, count(id)])),
    strata: Array.from({ length: STRATA }, (_, place) => ({
      id: `s${place}`,
      label: label(`s${place}`),
      structure_types: ['commune'],
      population: { from: place * 1000, ...(place + 1 < STRATA && { below: (place + 1) * 1000 }) },
    })),
    outside_strata: 'refuse',
    indicators: ids.map((id) => ({
      id,
      label: label(id),
      formula: `${id} / followers`,
      direction: 'higher',
      undefined: 'mark_zero',
      unknown: 'leave_out',
      normalise: { method: 'min_max', within: 'stratum', clamp: true, constant: 50, low: { statistic: 'min' }, high: { statistic: 'max' } },
    })),
    index: {
      id: 'root',
      label: label('indice'),
      network: 'net',
      absent: 'leave_out',
      aggregate: 'arithmetic',
      missing: 'renormalise',
      of: ids.map((indicator, place) => ({ indicator, weight: 1 + (place % 5) })),
    },
    ranking: { order_by: 'score', ties: 'competition', tie_breakers: [], within: ['stratum'] },
    views: [{ id: 'best', label: label('les plus performants'), by: { index: 'root' } }],
    publication: { decimals: 1, rounding: 'half_up' },
  })
}

/** The same numbers every time, as columns. */
export function sampleColumns(count) {
  let state = 0x5eed
  const below = (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
  const column = (value) => Float64Array.from({ length: count }, value)
  const territory = Array.from({ length: count }, (_, place) => `T${String(place).padStart(7, '0')}`)
  return {
    territories: {
      territory,
      name: territory.map((id) => `Commune ${id}`),
      structure_type: { texts: ['commune'], codes: new Uint32Array(count) },
      population: column(() => below(STRATA * 1000)),
    },
    accounts: {
      territory,
      network: { texts: ['net'], codes: new Uint32Array(count) },
      followers: column(() => 1000 + below(100_000)),
      ...Object.fromEntries(ids.map((id) => [id, column(() => below(50_000))])),
    },
  }
}

/** The same as objects. */
export function sampleObjects({ territories, accounts }) {
  const names = ['followers', ...ids]
  return {
    language: 'bareme/1',
    document: 'cohort',
    territories: territories.territory.map((id, place) => ({
      id,
      name: territories.name[place],
      structure_type: 'commune',
      population: territories.population[place],
    })),
    accounts: accounts.territory.map((territory, place) => ({
      territory,
      network: 'net',
      metrics: Object.fromEntries(names.map((name) => [name, accounts[name][place]])),
    })),
  }
}
