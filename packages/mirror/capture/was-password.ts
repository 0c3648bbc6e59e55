/** Marks fields that were of type `password` once: "show password" turns them into text fields. The mark is on the
 *  element, where every script of the SDK finds it. */
export const WAS_PASSWORD: unique symbol = Symbol.for('alongside.password') as never

export interface MaybePassword extends EventTarget {
  [WAS_PASSWORD]?: boolean
}

/** Marks what is typed as a password from now on: when a session begins later, it may be shown. */
export function watchPasswords(): void {
  globalThis.addEventListener?.(
    'input',
    (event) => {
      const [field] = event.composedPath() as (MaybePassword & { type?: string })[]
      if (field?.type === 'password') field[WAS_PASSWORD] = true
    },
    true,
  )
}
