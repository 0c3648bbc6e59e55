import type { Store } from './stores.ts'

/** A page of its own with a map of the store's surroundings, for a frame. Nothing in it comes from a visitor. */
export function drawMap(store: Store): string {
  const turn = (store.number * 47) % 360
  const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
  const rows = days.map(
    (day) => `<tr><th scope="row">${day}</th><td>${store.hours[0]}:00 – ${store.hours[1]}:00</td></tr>`,
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Map</title><style>
    :root { color-scheme: light dark; --land: #e9ead9; --road: #fffdf6; --wood: #bfd2ae; --lake: #a9cbd8; --paper: #fff; --ink: #1c241f }
    @media (prefers-color-scheme: dark) {
      :root { --land: #26302a; --road: #4b574e; --wood: #2f4a38; --lake: #26475a; --paper: #1a211d; --ink: #eef2ec }
    }
    html, body { height: 100% }
    body { display: flex; flex-direction: column; margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.4 system-ui, sans-serif }
    svg { flex: 1; width: 100%; min-height: 0; background: var(--land) }
    section { padding: 18px 20px }
    h2 { margin: 0 0 8px; font-size: 17px }
    table { width: 100%; border-collapse: collapse }
    th { text-align: left; font-weight: 400 } td { text-align: right } th, td { padding: 2px 0 }
  </style></head><body>
    <svg viewBox="0 0 400 300" preserveAspectRatio="xMidYMid slice" role="img" aria-label="The streets around ${store.name}">
      <g transform="rotate(${turn} 200 150)">
        <path d="M-200 40q180-60 300 30t400-30v-300h-700z" fill="var(--lake)"/>
        <circle cx="90" cy="260" r="90" fill="var(--wood)"/><circle cx="340" cy="230" r="60" fill="var(--wood)"/>
        <path d="M-100 150h600M200-150v600M60-100l280 500M-60 330 420 40M130-60l-20 420M290-60l30 420" stroke="var(--road)" stroke-width="11" fill="none"/>
        <path d="M-100 210h600M-60 90l520 20" stroke="var(--road)" stroke-width="6" fill="none"/>
      </g>
      <path d="M200 152s-26-28-26-46a26 26 0 0 1 52 0c0 18-26 46-26 46z" fill="#b9573a"/><circle cx="200" cy="105" r="10" fill="#fff"/>
    </svg>
    <section><h2>${store.name}</h2><table>${rows.join('')}</table></section>
  </body></html>`
}
