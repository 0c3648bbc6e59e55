/** Under what the browser's tab keeps them. */
const KEEP_AS = 'alongside.desk.visits'

/** As many as a day's work has. */
const MAX_VISITS = 50

/** Keeps that the agent was in a session, for the list of those that are open. */
export function noteVisit(sessionId: string): void {
  try {
    const others = readVisits().filter((id) => id !== sessionId)
    sessionStorage.setItem(KEEP_AS, [...others, sessionId].slice(-MAX_VISITS).join(' '))
  } catch {
    // No storage in another site's frame: the list then marks none.
  }
}

export function wasIn(sessionId: string): boolean {
  try {
    return readVisits().includes(sessionId)
  } catch {
    return false
  }
}

function readVisits(): string[] {
  return (sessionStorage.getItem(KEEP_AS) ?? '').split(' ').filter(Boolean)
}
