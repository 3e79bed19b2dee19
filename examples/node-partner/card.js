// Pages in French. Whatever comes from a document is escaped by `html`.

/** @typedef {ReturnType<import('./scores.js').Scores['describe']>} Described */

/** Text that is markup already. */
class Markup {
  /** @param {string} text */
  constructor(text) {
    this.text = text
  }
}

const ESCAPES = /** @type {Record<string, string>} */ ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })

/**
 * @param {unknown} value
 * @returns {string}
 */
function escaped(value) {
  if (value instanceof Markup) return value.text
  if (Array.isArray(value)) return value.map(escaped).join('')
  return value === null || value === undefined ? '' : String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

/**
 * @param {TemplateStringsArray} parts
 * @param {unknown[]} values
 */
function html(parts, ...values) {
  return new Markup(parts.map((part, place) => (place === 0 ? part : escaped(values[place - 1]) + part)).join(''))
}

const STATUSES = { official: 'officielle', reconstruction: 'reconstitution', proposal: 'proposition', draft: 'brouillon', variant: 'variante' }
const STATES = /** @type {Record<string, string>} */ ({
  unknown: 'donnée inconnue',
  undefined: 'incalculable',
  absent: 'pas de compte',
  ineligible: 'non éligible',
  refused: 'donnée indispensable manquante',
  insufficient: 'trop peu de critères',
  outside_strata: 'hors des strates',
})
const NETWORKS = /** @type {Record<string, string>} */ ({ instagram: 'Instagram', facebook: 'Facebook', linkedin: 'LinkedIn', youtube: 'YouTube', tiktok: 'TikTok', x: 'X' })

/**
 * @param {number | null} value
 * @param {number} digits
 */
function number(value, digits) {
  return value === null ? '–' : new Intl.NumberFormat('fr-FR', { maximumFractionDigits: digits }).format(value)
}

/**
 * A date as one reads it, or some days away from it.
 *
 * @param {string} date
 * @param {number} days
 */
function day(date, days = 0) {
  const instant = new Date(Date.parse(date) + days * 86_400_000)
  const text = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'UTC' }).format(instant)
  return html`<time datetime="${instant.toISOString().slice(0, 10)}">${text.replace(/^1 /, '1er ')}</time>`
}

/** @param {string | null | undefined} published */
const comma = (published) => published?.replace('.', ',')

/**
 * @param {string} title
 * @param {Markup} body
 */
function page(title, body) {
  return html`<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.text
}

/**
 * The card of one territory.
 *
 * @param {Described} card
 */
export function cardPage(card) {
  const { methodology, rank, score } = card
  const period = card.period && html`<dt>Période</dt><dd>du ${day(card.period.from)} au ${day(card.period.to, -1)}</dd>`
  return page(
    `${card.name} : score`,
    html`<nav><a href="/">Tous les territoires</a></nav>
<article aria-labelledby="name">
<header>
<h1 id="name">${card.name}</h1>
<p>${[card.structure_type, card.stratum?.label].filter(Boolean).join(' · ')}</p>
</header>
${card.synthetic ? html`<p class="notice"><strong>Données fictives :</strong> ces chiffres ne disent rien de ce territoire.</p>` : ''}
<div class="result">
<p class="score"><span class="label">Score</span> <strong>${comma(score.published) ?? '–'}</strong>${score.published === null ? html` <span>${STATES[score.state ?? ''] ?? score.state}</span>` : html` <span>sur 100</span>`}</p>
<p class="rank"><span class="label">Rang${card.stratum ? html` parmi : ${card.stratum.label}` : ''}</span> <strong>${rank ? `${number(rank.place, 0)}${rank.place === 1 ? 'er' : 'e'}` : 'non classé'}</strong>${rank ? html` <span>sur ${number(rank.of, 0)}</span>` : ''}</p>
</div>
<table>
<caption>Ce qui fait ce score</caption>
<thead><tr><th scope="col">Critère</th><th scope="col">Valeur</th><th scope="col">Note sur 100</th><th scope="col">Poids</th></tr></thead>
<tbody>
${card.criteria.map(
  (criterion) => html`<tr>
<th scope="row">${criterion.label}${criterion.network ? html` <small>${NETWORKS[criterion.network] ?? criterion.network}</small>` : ''}${criterion.description ? html`<span>${criterion.description}</span>` : ''}</th>
<td data-label="Valeur">${criterion.raw === null ? (STATES[criterion.state] ?? criterion.state) : html`${number(criterion.raw, 2)}${criterion.unit === '%' ? ' %' : ''}`}</td>
<td data-label="Note sur 100">${criterion.mark === null ? '–' : html`<meter min="0" max="100" value="${criterion.mark}" aria-hidden="true"></meter> ${number(criterion.mark, 1)}`}</td>
<td data-label="Poids">${number(criterion.weight === null ? null : 100 * criterion.weight, 1)} %</td>
</tr>
`,
)}</tbody>
</table>
<section aria-labelledby="method">
<h2 id="method">D’où vient ce score</h2>
<dl>
<dt>Méthode</dt><dd>${methodology.title} <small>${methodology.id}@${methodology.version}</small></dd>
<dt>Statut de la méthode</dt><dd>${STATUSES[methodology.status]}</dd>
${period ?? ''}
<dt>Empreinte de la méthode</dt><dd><code>${methodology.method_sha256}</code></dd>
<dt>Empreinte de la publication</dt><dd><code>${card.publication_sha256}</code></dd>
</dl>
<p>Recalculé à l’instant sur ce serveur, à partir des données publiées. <a href="/territoires/${encodeURIComponent(card.id)}?format=json">Les mêmes chiffres en JSON</a>.</p>
</section>
</article>`,
  )
}

/**
 * Every territory.
 *
 * @param {import('./scores.js').Scores} scores
 */
export function listPage(scores) {
  return page(
    'Scores des territoires',
    html`<h1>Scores des territoires</h1>
<p>${scores.methodology.title.fr} : ${STATUSES[scores.methodology.status]}.</p>
${scores.head.synthetic ? html`<p class="notice"><strong>Données fictives :</strong> ces chiffres ne disent rien de ces territoires.</p>` : ''}
<ul class="list">
${scores.list().map(({ id, name, published }) => html`<li><a href="/territoires/${encodeURIComponent(id)}">${name}</a> <span>${comma(published) ?? '–'}</span></li>
`)}</ul>`,
  )
}

/** @param {string} text */
export function errorPage(text) {
  return page('Erreur', html`<nav><a href="/">Tous les territoires</a></nav><h1>Erreur</h1><p role="alert">${text}</p>`)
}
