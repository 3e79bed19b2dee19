// Writes `documents.d.ts`, the types of every document, from the JSON Schemas; with `--check`, only fails
// where it would change. Reads the keywords that our schemas use, and stops at any other. Needs the native module, which
// knows the states and the codes of flags.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { flagCodes, states } from '../native/index.js'

const here = fileURLToPath(new URL('..', import.meta.url))
const schemas = join(here, '..', 'spec', 'schemas')
const path = join(here, 'documents.d.ts')

const DOCUMENTS = {
  methodology: 'MethodologyDocument',
  cohort: 'CohortDocument',
  scoring: 'ScoringDocument',
  reference: 'ReferenceDocument',
  publication: 'PublicationDocument',
  receipt: 'ReceiptDocument',
  verification: 'VerificationReport',
}
/** Names that would be taken for something else. */
const RENAMED = { Publication: 'PublicationRules' }
/** Texts of which the specification lists all that there are. */
const WORDS = {
  State: states(),
  FlagCode: flagCodes(),
}
const NARROWED = {
  'IndexScore.state': 'State',
  'CriterionScore.state': 'State',
  'IndexRecord.state': 'State',
  'CriterionRecord.state': 'State',
  'Flag.code': 'FlagCode',
  'FlagRecord.code': 'FlagCode',
  'ScoringDocument.language': "'bareme/1'",
  'ScoringDocument.document': "'scoring'",
  'PublicationDocument.methodologies': 'MethodologyDocument[]',
  'ReceiptDocument.methodologies': 'MethodologyDocument[]',
  'VerificationReport.language': "'bareme/1'",
  'VerificationReport.document': "'verification'",
  'VerificationReport.of': "'publication' | 'receipt'",
}
const KNOWN = new Set([
  '$schema', '$id', '$defs', '$ref', 'title', 'description', 'type', 'properties', 'required', 'additionalProperties', 'items', 'const',
  'enum', 'oneOf', 'anyOf', 'format', 'minimum', 'maximum', 'pattern', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems',
  'minProperties', 'default',
])

const name = (given) => RENAMED[given] ?? given

function comment(text, indent) {
  if (text === undefined) return ''
  const lines = text.split('\n')
  return lines.length === 1 ? `${indent}/** ${text} */\n` : `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`
}

function typeOf(schema, indent, owner) {
  if (schema === true) return 'unknown'
  for (const keyword of Object.keys(schema).filter((keyword) => schema[keyword] !== undefined)) if (!KNOWN.has(keyword)) throw new Error(`${owner}: ${keyword} is not understood`)
  if (schema.$ref !== undefined) return name(schema.$ref.replace('#/$defs/', ''))
  if (schema.const !== undefined) return `'${schema.const}'`
  if (schema.enum !== undefined) return schema.enum.map((word) => `'${word}'`).join(' | ')
  const choices = schema.oneOf ?? schema.anyOf
  // Choices that only ask for members are for validators.
  if (choices !== undefined && schema.properties === undefined) {
    const all = choices.map((choice) => {
      const text = typeOf(choice, choice.description === undefined ? indent : `${indent}    `, owner)
      return choice.description === undefined ? text : `\n${comment(choice.description, `${indent}  `)}${indent}  | ${text}`
    })
    return all.reduce((text, choice) => (choice.startsWith('\n') ? text + choice : text === '' ? choice : `${text} | ${choice}`), '')
  }
  const types = [schema.type].flat()
  return types.map((type) => typeOfOne(type, schema, indent, owner)).join(' | ')
}

function typeOfOne(type, schema, indent, owner) {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
    case 'number':
      return type
    case 'integer':
      return 'number'
    case 'array': {
      const items = typeOf(schema.items ?? true, indent, owner)
      return /[ |]/.test(items) ? `Array<${items}>` : `${items}[]`
    }
    case 'object':
      return objectOf(schema, indent, owner)
    default:
      throw new Error(`${owner}: the type ${type} is not understood`)
  }
}

function objectOf(schema, indent, owner) {
  if (schema.properties === undefined) {
    const values = schema.additionalProperties === undefined ? 'unknown' : typeOf(schema.additionalProperties, indent, owner)
    const required = (schema.required ?? []).map((member) => `${member}: ${values}`)
    return required.length === 0 ? `Record<string, ${values}>` : `{ ${required.join('; ')} } & Record<string, ${values}>`
  }
  const inner = `${indent}  `
  const members = Object.entries(schema.properties).map(([member, value]) => {
    const optional = schema.required?.includes(member) ? '' : '?'
    const quoted = /^[A-Za-z_$][\w$]*$/.test(member) ? member : `'${member}'`
    const type = NARROWED[`${owner}.${member}`] ?? typeOf(value, inner, `${owner}.${member}`)
    return `${comment(value.description, inner)}${inner}${quoted}${optional}: ${type}\n`
  })
  return members.length === 0 ? 'Record<string, never>' : `{\n${members.join('')}${indent}}`
}

const definitions = new Map()
function define(given, schema) {
  const text = typeOf(schema, '', given)
  const isInterface = text.startsWith('{\n')
  const definition = `export ${isInterface ? `interface ${given} ${text}` : `type ${given} =${text.startsWith('\n') ? '' : ' '}${text}`}\n`
  const before = definitions.get(given)
  if (before !== undefined && !before.endsWith(definition)) throw new Error(`${given} is defined in two ways`)
  definitions.set(given, before ?? comment(schema.description, '') + definition)
}

for (const [schema, root] of Object.entries(DOCUMENTS)) {
  const document = JSON.parse(readFileSync(join(schemas, `${schema}.schema.json`), 'utf8'))
  define(root, { ...document, $defs: undefined, $schema: undefined, $id: undefined, title: undefined })
  // A document inside another is the same, though the schema there says less of it.
  const roots = Object.values(DOCUMENTS)
  const others = Object.entries(document.$defs ?? {}).filter(([given]) => !roots.includes(given))
  for (const [given, definition] of others) define(name(given), definition)
}
for (const [given, words] of Object.entries(WORDS)) {
  definitions.set(given, `/** ${given === 'State' ? 'Why there is no value, or `present`.' : 'What there is to know about a score.'} */\nexport type ${given} = ${words.map((word) => `'${word}'`).join(' | ')}\n`)
}
const text = `// The types of every document, written from spec/schemas by \`npm run types\`.\n\n${[...definitions.values()].join('\n')}`
const before = (() => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
})()
if (before !== text) {
  if (process.argv.includes('--check')) {
    console.error('documents.d.ts is out of date: run `npm run types`')
    process.exit(1)
  }
  writeFileSync(path, text)
}
