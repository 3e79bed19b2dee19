// A publication to show: real territories, invented numbers.
import { readFileSync } from 'node:fs'
import { Cohort, methodology } from 'bareme'

export function example() {
  const official = methodology('observatoire-instagram@2017.10')
  const csv = readFileSync(new URL('../petite-france/cohort-synthetic.csv', import.meta.url))
  const scoring = official.score(Cohort.fromCsv(csv, { methodology: official }))
  return scoring.publication({ notes: ['données fictives'] }).toBytes()
}
