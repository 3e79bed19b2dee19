// Serves a publication: `node start.js publication.json`. Without one, that of the synthetic example.
import { readFileSync } from 'node:fs'
import { site } from './site.js'
import { example } from './example.js'

const [path] = process.argv.slice(2)
const app = site(path === undefined ? example() : readFileSync(path), { logger: { level: 'warn' } })
const address = await app.listen({ port: Number(process.env.PORT ?? 3000), host: process.env.HOST ?? '127.0.0.1' })
console.log(`Le site répond à ${address}`)
