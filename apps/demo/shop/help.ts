import type { CustomerSdk, CustomerSession, CustomerSettings } from '@alongside/sdk/customer'
import { signal } from '@preact/signals'
import { carrierOrigin } from './carrier.ts'

declare global {
  interface Window {
    /** Set by the loader snippet in `shop.html`. */
    AlongsideSDK: CustomerSdk<CustomerSettings>
  }
}

/** Whether an agent can be with this visitor. The PIN is shown by the SDK's own panel. */
export const help = signal<'off' | 'starting' | 'on'>('off')

/** Why help did not work, for the visitor. Empty when it did. */
export const problem = signal('')

/** Masks only the streets in the order history: passwords and card fields are masked by the SDK without a word. Agents
 *  see the carrier's frame, which is of another site. */
const SETTINGS: CustomerSettings = {
  piiMask: { maskType: 'custom_input', maskCssSelectors: '.order-address' },
  trustedOrigins: [carrierOrigin],
  remoteAssist: { enable: true, remoteAssistTypes: ['scroll_page', 'click', 'type', 'select', 'navigate'] },
}

let session: CustomerSession | undefined
/** Help was asked for before the SDK was there. */
let isWaiting = false

/** Hands the settings to the SDK and takes up a session that was open before the page was loaded. */
export function prepareHelp(): void {
  void window.AlongsideSDK.init(SETTINGS, (answer) => {
    if (!answer.success) return fail(answer.error.errorMsg)
    session = answer.session
    listen(session)
    if (session.getSessionInfo().sessionStatus === 'session_recoverable') void session.join()
    else if (isWaiting) void startHelp()
  })
}

/** Gets a token from the site's own server, as every site does, and starts a session with it. */
export async function startHelp(): Promise<void> {
  problem.value = ''
  help.value = 'starting'
  isWaiting = !session
  if (!session) return
  try {
    const sdkToken = await fetchToken()
    const answer = await session.start({ sdkToken })
    if (!answer.success) fail(answer.error.errorMsg)
  } catch (error) {
    fail(error instanceof Error ? error.message : 'Help could not be started. Try again.')
  }
}

export function endHelp(): void {
  void session?.end()
}

export function dismissProblem(): void {
  problem.value = ''
}

function listen(live: CustomerSession): void {
  live.on('session_started', () => {
    help.value = 'on'
  })
  live.on('session_ended', () => {
    help.value = 'off'
  })
  live.on('session_error', ({ errorMsg }) => fail(errorMsg))
}

/** Says what went wrong. Not every error ends the session. */
function fail(text: string): void {
  problem.value = text
  const status = session?.getSessionInfo().sessionStatus ?? 'idle'
  if (status === 'idle' || status === 'ended') help.value = 'off'
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
