import type { AssistGrant } from '@alongside/protocol'

/** Under what this tab keeps who has the hand, for the next page in it: a click of the agent may load one. */
const KEEP_AS = 'alongside.assist'

export function keepGrant(sessionId: string, grant: AssistGrant): void {
  write(JSON.stringify({ ...grant, sessionId }))
}

export function forgetGrant(): void {
  write(undefined)
}

/** What the page before this one had, of the same session. */
export function readGrant(sessionId: string | undefined): AssistGrant | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEEP_AS) ?? '{}') as Partial<AssistGrant> & { sessionId?: string }
    const { participant, types } = kept
    if (kept.sessionId !== sessionId || typeof participant !== 'number' || !Array.isArray(types)) return undefined
    return { participant, types }
  } catch {
    return undefined
  }
}

function write(text: string | undefined): void {
  try {
    if (text === undefined) sessionStorage.removeItem(KEEP_AS)
    else sessionStorage.setItem(KEEP_AS, text)
  } catch {
    // A page without storage: its next page asks anew.
  }
}
