/** What `on` and `off` of a session do, for a map of event names to payloads. */
export interface Events<Payloads> {
  /** Calls `listener` at each event; returns the function that undoes it. */
  on<Name extends keyof Payloads>(event: Name, listener: (payload: Payloads[Name]) => void): () => void
  off<Name extends keyof Payloads>(event: Name, listener: (payload: Payloads[Name]) => void): void
  emit<Name extends keyof Payloads>(event: Name, payload: Payloads[Name]): void
  /** Whether anybody listens to an event. */
  has(event: keyof Payloads): boolean
}

/** Events in the order of their listeners. A listener that throws neither stops the others nor the SDK: its error is
 *  reported to the page as an uncaught one. */
export function createEvents<Payloads>(): Events<Payloads> {
  type Listener = (payload: never) => void
  const listeners = new Map<keyof Payloads, Set<Listener>>()
  const off = (event: keyof Payloads, listener: Listener) => void listeners.get(event)?.delete(listener)
  return {
    on(event, listener) {
      if (typeof listener !== 'function') return () => {}
      const present = listeners.get(event) ?? new Set()
      listeners.set(event, present.add(listener))
      return () => off(event, listener)
    },
    off,
    has: (event) => !!listeners.get(event)?.size,
    emit(event, payload) {
      for (const listener of [...(listeners.get(event) ?? [])]) {
        try {
          listener(payload as never)
        } catch (error) {
          reportListenerError(error)
        }
      }
    },
  }
}

function reportListenerError(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
