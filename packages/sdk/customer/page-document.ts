/** A document or form without what the page's elements lay over it: with `<iframe name="body">` in it, `document.body` is
 *  that frame's window (HTML, "named properties of the Document"), and a field `matches` hides the form's own. Ask this
 *  one, and give the real one to the browser. */
export function unshadowed<T extends Node>(node: T): T {
  const own = Object.getPrototypeOf(node)
  return new Proxy({} as T, {
    get(_, name) {
      const value = Reflect.get(own, name, node)
      return typeof value === 'function' ? value.bind(node) : value
    },
    set: (_, name, value) => Reflect.set(own, name, value, node),
  })
}

/** The document of the page. */
export const pageDocument = unshadowed(globalThis.document)
