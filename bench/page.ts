/** A page as shops and consoles have them: a style sheet, navigation, cards with pictures, prices and buttons, forms and a
 *  long table. `nodes` counts elements and texts and is met within one card. */
export function renderPage(nodes: number): string {
  const next = randomFrom(nodes)
  const parts: string[] = []
  let left = nodes - HEAD_NODES
  for (let index = 0; left > 0; index++) {
    const kind = index % 6
    const [html, count] =
      kind === 5 ? renderForm(index, next) : kind > 2 ? renderRow(index, next) : renderCard(index, next)
    parts.push(html)
    left -= count
  }
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Catalogue</title><style>${STYLE}</style></head><body><nav class="bar"><a href="/">Home</a><a href="/new">New</a></nav><main id="main">${parts.join('')}</main></body></html>`
}

/** A page with an empty table, for the bursts. */
export function renderTablePage(): string {
  return renderPage(1_000).replace('</main>', '</main><table class="rows"><tbody id="rows"></tbody></table>')
}

// html, head, meta, title, its text, style, its text, body, nav, two links with texts, main.
const HEAD_NODES = 14

const WORDS =
  'linen wool quiet harbour morning cotton amber field stone river paper oak winter light copper cloud'.split(' ')

const STYLE = `body{margin:0;font:14px/1.5 system-ui}.bar{display:flex;gap:8px;padding:8px}main{display:grid;grid-template-columns:repeat(4,1fr);gap:12px}
.card{border:1px solid #ddd;border-radius:8px;padding:12px}.card:hover{border-color:#456}.card h3{margin:0 0 4px;font-size:16px}.price{font-weight:600}
.row{display:flex;gap:8px}.tag{font-size:11px;padding:0 6px;border-radius:9px;background:#eef}@media(max-width:800px){main{grid-template-columns:1fr}}`

function renderCard(index: number, next: () => number): [string, number] {
  const tags = [0, 1, 2].map(() => `<span class="tag">${word(next)}</span>`).join('')
  const html = `<article class="card" data-id="p-${index}" id="card-${index}"><h3>${word(next)} ${word(next)} ${index}</h3><p class="text">${sentence(next)}</p><div class="row">${tags}</div><p class="price"><span>€</span>${(next() * 90 + 5).toFixed(2)}</p><svg width="16" height="16" viewBox="0 0 16 16"><path d="M8 1l2 5h5l-4 3 2 6-5-4-5 4 2-6-4-3h5z"></path></svg><button type="button" class="buy" aria-label="Add ${index}">Add</button></article>`
  return [html, 20]
}

function renderRow(index: number, next: () => number): [string, number] {
  const cells = [0, 1, 2, 3]
    .map((cell) => `<span class="cell c${cell}">${word(next)} ${Math.floor(next() * 1000)}</span>`)
    .join('')
  return [
    `<div class="row" role="row" data-key="${index}">${cells}<a class="more" href="/item/${index}">More</a></div>`,
    11,
  ]
}

function renderForm(index: number, next: () => number): [string, number] {
  const html = `<form class="card" id="form-${index}"><label>Name <input name="name" value="${word(next)}"></label><label><input type="checkbox" checked> ${word(next)}</label><select name="size"><option>Small</option><option selected>Large</option></select><textarea>${sentence(next)}</textarea></form>`
  return [html, 14]
}

function word(next: () => number): string {
  return WORDS[Math.floor(next() * WORDS.length)]!
}

function sentence(next: () => number): string {
  return Array.from({ length: 8 + Math.floor(next() * 8) }, () => word(next)).join(' ')
}

/** A small generator (mulberry32), so that every run measures the same page. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
