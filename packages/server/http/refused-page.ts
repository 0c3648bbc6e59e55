import { createHash } from 'node:crypto'

// Runs on the refused page in development mode only; the policy allows exactly this text.
const SCRIPT = `
document.querySelector('button').addEventListener('click', async () => {
  const answer = await fetch('/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 2, userName: 'Demo agent' }),
  })
  const { token } = await answer.json()
  location.replace('/desk?access_token=' + encodeURIComponent(token))
})
`

/** The source expression of the page's script for its content security policy. */
export const REFUSED_PAGE_SCRIPT_HASH = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { display: grid; place-items: center; min-height: 100vh; margin: 0 }
main { max-width: 32rem; padding: 2rem }
h1 { font-size: 1.5rem; line-height: 1.2 }
button { font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: .5rem; background: #2350d8; color: #fff; cursor: pointer }
button:focus-visible { outline: 3px solid #8fa9f5; outline-offset: 2px }
`

/** The page in the desk's place when its address brings no valid token. */
export function renderRefusedPage({ missing, development }: { missing: boolean; development: boolean }): string {
  const reason = missing
    ? 'The address of this page brings no access token.'
    : 'The access token of this page is not valid. It may have expired.'
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to open the desk</title>
<style>${STYLE}</style>
<main>
<h1>The desk cannot be opened</h1>
<p>${reason}</p>
<p>Go back to the page you came from and open the desk again. If that does not help, ask whoever runs that page for a new agent token.</p>
${development ? `<button type="button">Continue as a demo agent</button>\n<script>${SCRIPT}</script>` : ''}
</main>
`
}
