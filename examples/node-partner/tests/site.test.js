import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cohort, methodology } from 'bareme'
import { example } from '../example.js'
import { site } from '../site.js'

const official = methodology('observatoire-instagram@2017.10')
const EVIL = `<script>alert("x")</script> & 'Ville'`

/** A publication in which a territory has a name that is markup. */
function hostile() {
  const territory = (id, name) => ({ id, name, structure_type: 'commune', population: 30000 })
  const metrics = { followers: 18700, following: 350, posts: 31, likes: 9000, comments: 240 }
  const cohort = {
    period: { from: '2026-10-01', to: '2026-10-31' },
    territories: [territory('06083', 'Menton'), territory('a/<b>"?', EVIL)],
    accounts: [{ territory: 'a/<b>"?', network: 'instagram', metrics }],
  }
  return official.score(cohort).publication().toJson()
}

const app = site(example())
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

test('a card as JSON', async () => {
  const response = await app.inject('/territoires/06083')
  assert.equal(response.statusCode, 200)
  assert.match(response.headers['content-type'], /application\/json/)
  const card = response.json()
  assert.equal(card.name, 'Menton')
  assert.equal(card.methodology.status, 'reconstruction')
  assert.equal(card.methodology.method_sha256, official.methodSha256)
  assert.equal(card.synthetic, true)
  assert.match(card.publication_sha256, /^[0-9a-f]{64}$/)
  assert.ok(card.rank.place >= 1 && card.rank.place <= card.rank.of)
  const weights = card.criteria.reduce((sum, { weight }) => sum + weight, 0)
  assert.ok(Math.abs(weights - 1) < 1e-12)
  for (const { label, mark } of card.criteria) assert.ok(label && mark >= 0 && mark <= 100)
})

test('the score is that of the cohort, to the bit', async () => {
  const { readFileSync } = await import('node:fs')
  const csv = readFileSync(new URL('../../petite-france/cohort-synthetic.csv', import.meta.url))
  const scoring = official.score(Cohort.fromCsv(csv, { methodology: official }))
  for (const { id, indices } of scoring.document().territories) {
    const { score } = (await app.inject(`/territoires/${encodeURIComponent(id)}`)).json()
    assert.ok(Object.is(score.value, indices[0].score), id)
    assert.equal(score.published, indices[0].published)
  }
})

test('a card as a page', async () => {
  const response = await app.inject({ url: '/territoires/06083', headers: html })
  assert.match(response.headers['content-type'], /text\/html; charset=utf-8/)
  assert.match(response.headers['content-security-policy'], /default-src 'none'/)
  for (const text of ['<html lang="fr">', '<h1 id="name">Menton</h1>', 'reconstitution', official.methodSha256, 'Données fictives', 'Taux d’engagement', '<caption>', '>1er octobre 2026</time> au <time datetime="2026-10-30">'])
    assert.ok(response.body.includes(text), text)
  const forced = await app.inject('/territoires/06083?format=html')
  assert.equal(forced.body, response.body)
  assert.match((await app.inject({ url: '/territoires/06083?format=json', headers: html })).headers['content-type'], /json/)
})

test('names are text and never markup', async () => {
  const other = site(hostile())
  const id = encodeURIComponent('a/<b>"?')
  for (const url of [`/territoires/${id}?format=html`, '/', `/territoires/${encodeURIComponent('<img src=x>')}?format=html`]) {
    const { body } = await other.inject(url)
    assert.ok(!body.includes('<script') && !body.includes('<img') && !body.includes('<b>'), url)
  }
  assert.equal((await other.inject(`/territoires/${id}`)).json().name, EVIL)
})

test('what is not there, and what cannot be', async () => {
  assert.equal((await app.inject('/territoires/99999')).statusCode, 404)
  assert.equal((await app.inject({ url: '/nowhere', headers: html })).statusCode, 404)
  assert.equal((await app.inject('/territoires/06083?format=xml')).statusCode, 400)
  assert.equal((await app.inject('/territoires/06083?x=1')).statusCode, 400)
  assert.equal((await app.inject(`/territoires/${'x'.repeat(65)}`)).statusCode, 400)
  assert.equal((await app.inject('/territoires/')).statusCode, 400)
  assert.equal((await app.inject('/territoires/%F0%28')).statusCode, 400)
})

const simulate = (payload) => app.inject({ method: 'POST', url: '/simulations', payload })
const menton = { id: '06083', name: 'Menton', structure_type: 'commune', population: 30326 }
const account = (metrics) => ({ territory: '06083', network: 'instagram', metrics })

test('a simulation', async () => {
  const metrics = { followers: 18700, following: 350, posts: 31, likes: 9000, comments: 240 }
  const few = (await simulate({ territory: menton, accounts: [account(metrics)] })).json()
  const many = (await simulate({ territory: menton, accounts: [account({ ...metrics, likes: 90000 })] })).json()
  assert.ok(many.score.value > few.score.value)
})

test('bad requests are refused: their shape by the schema, their meaning by the package', async () => {
  for (const wrong of [{}, { territory: menton }, { territory: { ...menton, population: '3' }, accounts: [] }, { territory: menton, accounts: [3] }, { territory: { ...menton, colour: 1 }, accounts: [] }])
    assert.equal((await simulate(wrong)).statusCode, 400, JSON.stringify(wrong))
  const response = await simulate({ territory: { ...menton, structure_type: 'planète', population: -1 }, accounts: [account({ followers: 1.5 })] })
  assert.equal(response.statusCode, 422)
  assert.ok(response.json().faults.some(({ code, pointer }) => code === 'negative_value' && pointer === '/population'))
  assert.equal((await simulate('{')).statusCode, 415)
  const broken = await app.inject({ method: 'POST', url: '/simulations', headers: { 'content-type': 'application/json' }, payload: '{' })
  assert.equal(broken.statusCode, 400)
  const huge = await app.inject({ method: 'POST', url: '/simulations', headers: { 'content-type': 'application/json' }, payload: `"${'x'.repeat(300_000)}"` })
  assert.equal(huge.statusCode, 413)
})

test('over a real port', async () => {
  const served = site(example())
  try {
    const address = await served.listen({ port: 0, host: '127.0.0.1' })
    const card = await (await fetch(`${address}/territoires/06083`)).json()
    assert.equal(card.id, '06083')
    const page = await fetch(`${address}/territoires/06083`, { headers: { accept: 'text/html' } })
    assert.match(await page.text(), /<h1 id="name">Menton<\/h1>/)
    assert.match(await (await fetch(`${address}/style.css`)).text(), /^:root/)
  } finally {
    await served.close()
  }
})

test('a publication that was altered is not served', () => {
  const text = Buffer.from(example()).toString()
  assert.throws(() => site(text.replace(/"likes":\d+/, '"likes":1')), /la publication est fausse/)
  assert.throws(() => site('{}'), { name: 'BaremeError' })
})
