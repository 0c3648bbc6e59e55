/** Marks fields that were of type `password` once: "show password" turns them into text fields. The mark is on the
 *  element, where every script of the SDK finds it. */
export const WAS_PASSWORD: unique symbol = Symbol.for('alongside') as never

export interface MaybePassword extends Element {
  [WAS_PASSWORD]?: boolean
}

/** Marks the passwords of a page from now on: when a session begins later, they may be shown. */
export function watchPasswords(): void {
  // Before the page itself hears of it, and shows them.
  for (const type of ['input', 'click']) globalThis.addEventListener?.(type, markPasswords, true)
}

function markPasswords(event: Event): void {
  // Documents and shadow roots have it.
  for (const root of event.composedPath())
    if ('getElementById' in root)
      for (const field of (root as Document).querySelectorAll<MaybePassword>('[type=password]'))
        field[WAS_PASSWORD] = true
}
