import type { AlongsideSDK, CustomerSession } from '@alongside/sdk/customer'
import { signal } from '@preact/signals'

declare global {
  interface Window {
    /** Set by the loader snippet in `shop.html`. */
    AlongsideSDK: typeof AlongsideSDK
  }
}

/** What the shop shows about help. The PIN is shown by the SDK's own panel. */
export type Help = { name: 'idle' } | { name: 'starting' } | { name: 'on' } | { name: 'failed'; text: string }

export const help = signal<Help>({ name: 'idle' })

/** Only the streets in the order history: passwords and card fields are masked by the SDK without a word. */
const SETTINGS = { piiMask: { maskType: 'custom_input', maskCssSelectors: '.order-address' } } as const

let session: CustomerSession | undefined
let isAsked = false

/** Hands the settings to the SDK and takes up a session that was open before the page was loaded. */
export function prepareHelp(): void {
  window.AlongsideSDK.init(SETTINGS, (answer) => {
    if (!answer.success) return fail(answer.error.errorMsg)
    session = answer.session
    listen(session)
    if (session.getSessionInfo().sessionStatus === 'session_recoverable') session.join()
    else if (isAsked) void startHelp()
  })
}

/** Gets a token from the site's own server, as every site does, and starts a session with it. */
export async function startHelp(): Promise<void> {
  isAsked = true
  help.value = { name: 'starting' }
  if (!session) return
  try {
    const sdkToken = await fetchToken()
    await session.start({ sdkToken })
  } catch (error) {
    fail(error instanceof Error ? error.message : 'Help could not be started. Try again.')
  }
}

export function endHelp(): void {
  session?.end()
}

export function dismissHelp(): void {
  help.value = { name: 'idle' }
}

function listen(live: CustomerSession): void {
  live.on('session_started', () => {
    help.value = { name: 'on' }
  })
  live.on('session_ended', () => {
    help.value = { name: 'idle' }
  })
  live.on('session_error', ({ errorMsg }) => fail(errorMsg))
}

async function fetchToken(): Promise<string> {
  const answer = await fetch('/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 1, userName: 'Demo customer' }),
  }).catch(() => {
    throw new Error('The server cannot be reached. Check that it is running, then try again.')
  })
  if (!answer.ok)
    throw new Error(
      'This server gives out no demo tokens, because it is not in development mode. Start it on this machine without keys to use the demo.',
    )
  const { token }: { token: string } = await answer.json()
  return token
}

function fail(text: string): void {
  isAsked = false
  help.value = { name: 'failed', text }
}
