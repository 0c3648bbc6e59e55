/** Under what it is kept for the page that is loaded after this one. */
const KEEP_AS = 'alongside.desk.hand'

/** Remembers in which session this tab had the hand, so that an agent who loads the desk again, or whose line dropped,
 *  learns that it is gone. */
export class HandMemory {
  #sessionId = read()

  had(sessionId: string): void {
    this.#keep(sessionId)
  }

  forget(): void {
    this.#keep('')
  }

  /** Whether the hand was lost in that session; once. */
  takeLost(sessionId: string): boolean {
    const isLost = this.#sessionId !== '' && this.#sessionId === sessionId
    this.forget()
    return isLost
  }

  #keep(sessionId: string): void {
    this.#sessionId = sessionId
    try {
      sessionStorage.setItem(KEEP_AS, sessionId)
    } catch {
      // No storage in another site's frame: it is remembered for this page.
    }
  }
}

function read(): string {
  try {
    return sessionStorage.getItem(KEEP_AS) ?? ''
  } catch {
    return ''
  }
}
