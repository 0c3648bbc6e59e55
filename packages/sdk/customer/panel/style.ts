const NAMES = ['surface', 'text', 'quiet', 'soft', 'accent', 'on-accent', 'live']
const LIGHT = ['#fff', '#14161c', '#5b6170', '#f1f2f5', '#2350d8', '#fff', '#c81e2c']
const DARK = ['#1c1f27', '#f1f3f7', '#a4abba', '#2c313d', '#7d9bff', '#0d1330', '#ff7a82']

/** Each colour may come from the page: docs/panel.md. */
const paint = (colours: string[]) =>
  NAMES.map((name, index) => `--${name}:var(--alongside-${name},${colours[index]});`).join('')

export const LAYER_STYLE = `
:host {
  all: initial !important; position: fixed !important; inset: 0 !important; width: 100% !important;
  height: 100% !important; z-index: 2147483647 !important; display: block !important;
  overflow: hidden !important; pointer-events: none !important;
}`

// `!important` inside a shadow root wins over every rule of the page for the host element (CSS Cascade 4, section 6.1).
export const PANEL_STYLE = `
:host {
  all: initial !important; position: fixed !important; z-index: 2147483647 !important; display: block !important;
  inset: auto calc(16px + env(safe-area-inset-right, 0px)) calc(16px + env(safe-area-inset-bottom, 0px)) auto !important;
}
:host([data-position$='left']) { left: calc(16px + env(safe-area-inset-left, 0px)) !important; right: auto !important }
:host([data-position^='top']) { top: calc(16px + env(safe-area-inset-top, 0px)) !important; bottom: auto !important }
* { box-sizing: border-box; margin: 0; padding: 0; outline: 0 }
.theme {
  ${paint(LIGHT)} color-scheme: light; display: flex; flex-flow: column; gap: 8px; overflow-wrap: anywhere; text-align: start;
  max-height: calc(var(--room, 100dvh) - 32px);
  font: .875em/1.45 var(--alongside-font, system-ui, sans-serif);
}
.theme[data-theme='dark'] { ${paint(DARK)} color-scheme: dark }
.card, dialog {
  border: 1px solid var(--soft); border-radius: var(--alongside-radius, 16px); background: var(--surface); color: var(--text);
  box-shadow: 0 8px 32px rgb(0 0 0 / .25); animation: enter .2s; overflow: auto;
}
.card { width: min(23em, 100vw - 32px); padding: 14px 16px }
.card:has(~ .card) { flex: none }
.card:empty { display: none }
.card.small { width: auto; padding: 0; border-radius: 32px; margin-left: auto }
:host([data-position$='left']) .small { margin: 0 auto 0 0 }
@media (max-width: 480px) { .card { width: calc(100vw - 32px) } }
@keyframes enter { from { opacity: 0; transform: translateY(8px) } }
.head, .foot, .pill { display: flex; align-items: center; gap: 8px }
.title { flex: 1; font-size: 1em; font-weight: 600 }
.agent { white-space: nowrap }
bdi { white-space: normal }
.time { color: var(--quiet); font-size: .86em; font-variant-numeric: tabular-nums }
.recorded { display: block; margin-top: 6px; color: var(--live); font-weight: 600 }
.text { margin-top: 4px; color: var(--quiet); font-size: .93em }
.code-row, .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px }
.code {
  flex: 1; display: flex; justify-content: center; gap: 12px; padding: 10px 8px; border-radius: 12px; background: var(--soft);
  font: 600 2.14em/1.1 ui-monospace, Menlo, Consolas, monospace; letter-spacing: .06em; direction: ltr;
  user-select: all; white-space: nowrap;
}
.long { font-size: 1.57em }
.over { color: var(--quiet); text-decoration: line-through; user-select: none }
.actions .button { flex: 1 1 40% }
.button {
  font: inherit; font-size: .93em; font-weight: 600; line-height: 1.2; color: inherit; background: var(--soft); min-height: 36px;
  min-width: 36px; padding: 4px 8px; border: 1px solid transparent; border-radius: 10px; cursor: pointer; touch-action: manipulation;
}
.button:hover { filter: brightness(.93) }
.button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.primary, [aria-pressed=true] { color: var(--on-accent); background: var(--accent) }
.danger { color: var(--live) }
.copy { min-width: 68px }
.link, .icon, .pill { background: none }
.link, .icon { color: var(--quiet); font-weight: 500; margin-block: -6px }
.link { margin-inline: auto -8px }
.icon { align-self: start; margin-inline: 0 -8px; font-size: 1.14em }
.icon:focus-visible { outline-offset: -2px }
.head .live { align-self: start; margin-top: 6px }
.foot { margin-top: 14px }
.pill { border-radius: 32px; padding: 4px 14px }
.face {
  display: inline-grid; place-items: center; width: 1.8em; height: 1.8em; margin-inline-end: 4px; border-radius: 50%;
  color: #fff; font: 700 .71em/1 system-ui, sans-serif; vertical-align: 2px; forced-color-adjust: none;
}
.face::before { content: attr(data-initial) }
.pill .face { width: 2.2em; height: 2.2em; margin-inline: -4px 0 }
.dot { flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--quiet); forced-color-adjust: none }
.dot.live { background: var(--live); animation: pulse 2s infinite }
.busy { width: 14px; height: 14px; background: none; border: 2px solid var(--soft); border-top-color: var(--accent); animation: turn 1s linear infinite }
.warn { background: #d97706 }
.done { background: #1f9d61 }
@keyframes pulse { 50% { opacity: .35 } }
@keyframes turn { to { rotate: 1turn } }
.hidden { position: absolute; clip-path: inset(50%) }
dialog { width: min(28.6em, 100vw - 24px); margin: auto; padding: 24px }
dialog::backdrop { background: rgb(0 0 0 / .5) }
dialog .face { display: grid; width: 2.44em; height: 2.44em; margin-bottom: 14px; font-size: 1.29em }
dialog h2 { font-size: 1.29em; line-height: 1.3; text-wrap: balance }
dialog p { margin-top: 8px; color: var(--quiet) }
dialog .actions { margin-top: 20px; animation: arm .5s }
dialog .button { min-height: 44px; font-size: 1em }
.gone { opacity: 0; animation: none }
.gone::backdrop { background: none }
@keyframes arm { from, to { pointer-events: none } }
@media (pointer: coarse) { .button { min-height: 44px; min-width: 44px } .icon { margin-block: -12px } }
@media (prefers-reduced-motion) { .card, .dot.dot, dialog { animation: none } }
@media (forced-colors: active) { .card, dialog, .button { border-color: ButtonText } [aria-pressed=true] { outline: 3px solid } }
`
