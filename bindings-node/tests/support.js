// What tests share.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const here = fileURLToPath(new URL('..', import.meta.url))
export const root = join(here, '..')

export const read = (...path) => readFileSync(join(root, ...path))

export const METHODOLOGY = 'observatoire-instagram@2017.10'

/** A sound cohort of two communes. */
export function pair() {
  return {
    period: { from: '2026-10-01', to: '2026-10-31' },
    territories: [
      { id: '06083', name: 'Menton', structure_type: 'commune', population: 30326 },
      { id: '06004', name: 'Antibes', structure_type: 'commune', population: 76612 },
    ],
    accounts: [
      { territory: '06083', network: 'instagram', metrics: { followers: 18700, following: 350, posts: 31, likes: 9000, comments: 240 } },
      { territory: '06004', network: 'instagram', metrics: { followers: 31000, following: 120, posts: 44, likes: 21000, comments: 410 } },
    ],
  }
}

/** What an error says, in short. */
export function said(work) {
  try {
    work()
  } catch (error) {
    if (error?.name !== 'BaremeError') throw error
    return error.faults.map((fault) => `${fault.code} ${placeOf(fault)}`)
  }
  throw new Error('nothing was wrong')
}

export function placeOf({ pointer, cell, position }) {
  if (pointer !== undefined) return pointer
  if (cell !== undefined) return `${cell.table ? `${cell.table}!` : ''}${cell.row}:${cell.column}`
  return `${position.line}:${position.column}`
}

/** Numbers that are the same in every run. */
export function random(seed) {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
