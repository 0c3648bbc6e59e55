import type { CustomerSettings } from '../packages/sdk/customer/index.ts'

/** What the customer of the pictures allows. */
export const SCREEN_SETTINGS: CustomerSettings = {
  piiMask: { maskType: 'custom_input', maskCssSelectors: '.private' },
  remoteAssist: { enable: true, remoteAssistTypes: ['scroll_page', 'click', 'type', 'navigate', 'select'] },
}

const TILE = (colour: string) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="200" height="120"><rect width="200" height="120" fill="${colour}"/><circle cx="100" cy="60" r="40" fill="#fff"/></svg>`)}`

/** A page with something of everything that a desk shows: text, fields, pictures, what is masked, more than fits. */
export const SCREEN_PAGE = `<!doctype html><meta charset="utf-8"><title>Your order · Example shop</title>
<style>
  body { margin: 0; font: 16px/1.5 sans-serif; background: #faf7f2; color: #222 }
  header { position: sticky; top: 0; padding: 16px 32px; background: #1d4ed8; color: #fff; font-size: 22px }
  main { display: grid; grid-template-columns: 1fr 1fr; gap: 24px; padding: 24px 32px }
  section { padding: 20px; border-radius: 12px; background: #fff; box-shadow: 0 1px 4px #0002 }
  input { font: inherit; padding: 6px 10px } img { border-radius: 8px }
</style>
<header>Example shop</header>
<main>
  <section><h2>Your order</h2><p>Two lamps and a chair. They arrive on Tuesday.</p>
    <img src="${TILE('#c2410c')}" alt="A lamp"> <img class="private" src="${TILE('#0f766e')}" alt="A chair"></section>
  <section><h2>Pay</h2><p class="private">Cora Lind, Mill Lane 4, Bristol</p>
    <p><label>Name <input value="Cora Lind" class="private"></label></p>
    <p><label>Password <input type="password" value="secret"></label></p><button>Pay now</button></section>
  <section><h2>Questions</h2>${'<p>Ask us anything about the order, we answer within a day.</p>'.repeat(14)}</section>
</main>`
