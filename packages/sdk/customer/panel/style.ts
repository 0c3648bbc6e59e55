const LIGHT = `
--surface: #fff; --text: #14161c; --quiet: #5b6170; --line: #e3e5ea; --soft: #f3f4f7; --press: #e7e9ee;
--accent: #2350d8; --accent-press: #1b40b0; --on-accent: #fff; --live: #d92d3a; --warn: #9a5b00; --warn-soft: #fff4e0;
--ring: #2350d8; --shadow: 0 1px 2px rgb(16 20 36 / .08), 0 12px 32px rgb(16 20 36 / .16);`

const DARK = `
--surface: #1c1f27; --text: #f1f3f7; --quiet: #a4abba; --line: #333845; --soft: #282c37; --press: #343947;
--accent: #7d9bff; --accent-press: #9db4ff; --on-accent: #0d1330; --live: #ff6b74; --warn: #ffc46b; --warn-soft: #362a15;
--ring: #9db4ff; --shadow: 0 1px 2px rgb(0 0 0 / .4), 0 12px 32px rgb(0 0 0 / .5);`

export const LAYER_STYLE = `
:host {
  all: initial !important; position: fixed !important; inset: 0 !important; inline-size: 100% !important;
  block-size: 100% !important; z-index: 2147483647 !important; display: block !important;
  overflow: hidden !important; pointer-events: none !important;
}`

// `!important` inside a shadow root wins over every rule of the page for the host element (CSS Cascade 4, section 6.1).
export const PANEL_STYLE = `
:host {
  all: initial !important; position: fixed !important; inset: auto 16px 16px auto !important;
  z-index: 2147483647 !important; display: block !important; overflow: visible !important;
}
:host([data-position='bottom-left']) { inset: auto auto 16px 16px !important }
@media (max-width: 480px) { :host, :host([data-position='bottom-left']) { inset: auto 12px 12px 12px !important } }
* { box-sizing: border-box; margin: 0; padding: 0 }
.theme {
  ${LIGHT}
  color: var(--text); font: 400 14px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  -webkit-font-smoothing: antialiased; text-align: start; color-scheme: light;
}
.theme[data-theme='dark'] { ${DARK} color-scheme: dark }
@media (prefers-color-scheme: dark) { .theme[data-theme='auto'] { ${DARK} color-scheme: dark } }
.card {
  inline-size: 304px; padding: 16px; border: 1px solid var(--line); border-radius: 16px; background: var(--surface);
  box-shadow: var(--shadow); animation: enter .2s ease-out;
}
.card:empty { display: none }
.card.small { inline-size: fit-content; margin-inline-start: auto; padding: 0; border-radius: 999px }
:host([data-position='bottom-left']) .card.small { margin-inline: 0 auto }
.card:focus { outline: none }
@media (max-width: 480px) { .card { inline-size: auto } }
@keyframes enter { from { opacity: 0; transform: translateY(8px) } }
.head { display: flex; align-items: center; gap: 8px; min-block-size: 20px }
.title { font-size: 14px; font-weight: 600; line-height: 1.4; overflow-wrap: anywhere; min-inline-size: 0 }
.head .title { flex: 1 }
.time { color: var(--quiet); font-size: 12px; font-variant-numeric: tabular-nums; white-space: nowrap }
.recorded { display: block; margin-block-start: 6px; color: var(--live); font-size: 13px; font-weight: 600 }
.text { margin-block-start: 4px; color: var(--quiet); font-size: 13px; overflow-wrap: anywhere }
.code-row { display: flex; align-items: center; gap: 8px; margin-block: 12px 10px }
.code {
  flex: 1; display: flex; justify-content: center; gap: 12px; padding: 10px 8px; border-radius: 12px; background: var(--soft);
  font: 600 30px/1.1 ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  letter-spacing: .06em; font-variant-numeric: tabular-nums; direction: ltr; user-select: all; min-inline-size: 0;
}
.code.long { font-size: 22px; gap: 10px; letter-spacing: .04em }
.code.over { color: var(--quiet); text-decoration: line-through; user-select: none }
.actions { display: flex; gap: 8px; margin-block-start: 14px }
.actions .button { flex: 1 }
.button {
  font: 600 13px/1 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; color: var(--text); background: var(--soft);
  min-block-size: 36px; padding: 0 8px; border: 1px solid transparent; border-radius: 10px; cursor: pointer;
  transition: background-color .12s; touch-action: manipulation;
}
.button:hover { background: var(--press) }
.button:focus-visible { outline: 2px solid var(--ring); outline-offset: 2px }
.button.primary { color: var(--on-accent); background: var(--accent) }
.button.primary:hover { background: var(--accent-press) }
.button.danger { color: var(--live) }
.button.copy { min-block-size: 53px; padding: 0 12px; min-inline-size: 68px }
.button.link { min-block-size: 28px; padding: 0 8px; margin-block: -4px; margin-inline: auto -8px; background: none; color: var(--quiet); font-weight: 500 }
.button.link:hover { color: var(--text); text-decoration: underline }
.button.icon { min-block-size: 28px; min-inline-size: 28px; padding: 0; margin-block: -4px; margin-inline: 0 -6px; align-self: flex-start; background: none; color: var(--quiet); font-size: 16px }
.button.icon:hover { background: var(--soft); color: var(--text) }
.button.pill { display: flex; align-items: center; gap: 8px; border-radius: 999px; background: none; padding: 0 16px }
.dot { flex: none; inline-size: 8px; block-size: 8px; border-radius: 50%; background: var(--quiet) }
.dot.live { background: var(--live); animation: pulse 2s ease-in-out infinite }
.dot.busy {
  inline-size: 14px; block-size: 14px; background: none; border: 2px solid var(--line); border-block-start-color: var(--accent);
  animation: turn .8s linear infinite;
}
.dot.warn { background: var(--warn) }
.dot.done { background: #1f9d61 }
@keyframes pulse { 50% { opacity: .35 } }
@keyframes turn { to { transform: rotate(1turn) } }
.foot { display: flex; align-items: center; margin-block-start: 10px }
.foot .text { margin: 0 }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
dialog {
  position: fixed; inset: 0; margin: auto; inline-size: min(400px, 100vw - 24px); block-size: fit-content; max-block-size: calc(100dvh - 24px);
  padding: 24px; border: 1px solid var(--line); border-radius: 20px; background: var(--surface); color: var(--text);
  box-shadow: var(--shadow); overflow: auto; animation: enter .2s ease-out;
}
dialog:not([open]) { display: none }
dialog:focus { outline: none }
dialog::backdrop { background: rgb(10 12 20 / .5) }
.face {
  display: grid; place-items: center; inline-size: 44px; block-size: 44px; margin-block-end: 14px; border-radius: 50%;
  background: var(--soft); color: var(--accent); font-size: 18px; font-weight: 600;
}
dialog h2 { font-size: 18px; font-weight: 650; line-height: 1.3; overflow-wrap: anywhere }
dialog p { margin-block-start: 8px; color: var(--quiet); font-size: 14px }
dialog .actions { margin-block-start: 20px }
dialog .button { min-block-size: 42px; font-size: 14px }
@media (prefers-reduced-motion: reduce) { *, *::backdrop { animation: none !important; transition: none !important } }
@media (forced-colors: active) { .card, dialog, .button { border-color: ButtonText } .dot { forced-color-adjust: none } }
`
