import { createHash } from 'node:crypto'

/** What the desk's `refused.html` holds in the place of `DEMO_AGENT`. */
export const DEVELOPMENT_MARK = '<!--development-->'

/** Stands for `refused.html` while the desk is not built. */
export const PLAIN_REFUSED_PAGE = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>No access to the desk</title>
<h1>The desk cannot be opened</h1>
<p>This address came without a valid access token, or the token has run out. Open the desk again from the page that you
came from. If that does not help, ask whoever runs that page for a new agent token.</p>
<p>Error 124: Invalid token</p>
${DEVELOPMENT_MARK}
`

// The policy allows exactly this text.
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

/** The way in that development mode offers. */
export const DEMO_AGENT = `<button type="button">Continue as a demo agent</button><script>${SCRIPT}</script>`

/** The source expression of the script in `DEMO_AGENT` for a content security policy. */
export const DEMO_AGENT_HASH = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`
