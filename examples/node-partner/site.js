// The site: what is asked for, in which form, and what is refused.
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { BaremeError, schema } from 'bareme'
import fastify from 'fastify'
import { cardPage, errorPage, listPage } from './card.js'
import { Scores } from './scores.js'

const STYLE = readFileSync(new URL('./public/style.css', import.meta.url))
const HTML = 'text/html; charset=utf-8'

/** The schemas of the package are draft 2020-12, which is not what Fastify brings. */
const ajv = new Ajv2020({ allErrors: true, strict: true })
const cohort = schema('cohort')
ajv.addSchema(cohort)
const part = (/** @type {string} */ name) => ({ $ref: `${cohort.$id}#/$defs/${name}` })

const PARAMS = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', minLength: 1, maxLength: 64, $ref: `${cohort.$id}#/$defs/TerritoryRecord/properties/id` } },
}
const QUERY = { type: 'object', additionalProperties: false, properties: { format: { enum: ['html', 'json'] } } }
const WHAT_IF = {
  type: 'object',
  additionalProperties: false,
  required: ['territory', 'accounts'],
  properties: { territory: part('TerritoryRecord'), accounts: { type: 'array', maxItems: 100, items: part('AccountRecord') } },
}

/** @param {import('fastify').FastifyRequest} request */
function asksForHtml(request) {
  const { format } = /** @type {{ format?: string }} */ (request.query ?? {})
  return format === undefined ? /\btext\/html\b/.test(request.headers.accept ?? '') : format === 'html'
}

/**
 * The site of one publication.
 *
 * @param {string | Uint8Array} publication
 * @param {import('fastify').FastifyServerOptions} options
 */
export function site(publication, options = {}) {
  const scores = new Scores(publication)
  const app = fastify({ bodyLimit: 256 * 1024, ...options })
  app.setValidatorCompiler(({ schema }) => ajv.compile(/** @type {object} */ (schema)))

  app.addHook('onSend', async (_, reply) => {
    reply.headers({
      'content-security-policy': "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      vary: 'accept',
    })
  })

  app.setErrorHandler((error, request, reply) => {
    const faults = error instanceof BaremeError ? error.faults : undefined
    const refused = faults !== undefined && /** @type {BaremeError} */ (error).code !== 'internal'
    const { statusCode, message } = /** @type {import('fastify').FastifyError} */ (error)
    const status = refused ? 422 : (statusCode ?? 500)
    if (status >= 500) request.log.error(error)
    const text = refused ? /** @type {BaremeError} */ (error).lines('fr').join('\n') : status < 500 ? message : 'erreur interne'
    reply.code(status)
    return asksForHtml(request) ? reply.type(HTML).send(errorPage(text)) : reply.send({ error: text, ...(refused && { faults }) })
  })

  app.setNotFoundHandler((request, reply) => {
    const text = 'Cette page n’existe pas.'
    reply.code(404)
    return asksForHtml(request) ? reply.type(HTML).send(errorPage(text)) : reply.send({ error: text })
  })

  app.get('/style.css', (_, reply) => reply.type('text/css; charset=utf-8').send(STYLE))

  app.get('/', (_, reply) => reply.type(HTML).send(listPage(scores)))

  app.get('/territoires/:id', { schema: { params: PARAMS, querystring: QUERY } }, (request, reply) => {
    const { id } = /** @type {{ id: string }} */ (request.params)
    const score = scores.of(id)
    if (score === undefined) {
      const text = `Aucun territoire « ${id} » dans cette publication.`
      reply.code(404)
      return asksForHtml(request) ? reply.type(HTML).send(errorPage(text)) : reply.send({ error: text })
    }
    const card = scores.describe(score)
    return asksForHtml(request) ? reply.type(HTML).send(cardPage(card)) : reply.send(card)
  })

  // What would the score be with other numbers?
  app.post('/simulations', { schema: { body: WHAT_IF } }, (request, reply) => {
    const { territory, accounts } = /** @type {{ territory: import('bareme').TerritoryInput, accounts: import('bareme').AccountInput[] }} */ (request.body)
    return reply.send(scores.describe(scores.score({ ...territory, accounts })))
  })

  return app
}
