// Pages keep objects of their own under the name `CSS`, and may answer anything. These ask the browser by what it had when
// this file was loaded.

const { setProperty, getPropertyValue } = CSSStyleDeclaration.prototype
// `<form name=createElement>` hides the document's own.
const probe = Document.prototype.createElement.call(document, 'i').style

/** Whether the browser takes a value for a property. */
export function takes(property: string, value: string): boolean {
  setProperty.call(probe, property, '')
  setProperty.call(probe, property, value)
  const isTaken = getPropertyValue.call(probe, property) !== ''
  setProperty.call(probe, property, '')
  return isTaken
}

const anyName = new Map<string, boolean>()

/** Whether a property takes any word, so that one of the page's choosing can stand there. */
export function takesAnyName(property: string): boolean {
  let known = anyName.get(property)
  if (known === undefined) {
    known = takes(property, 'k0z')
    anyName.set(property, known)
  }
  return known
}

/** A text as one name in a selector or declaration. */
export function escapeName(text: string): string {
  return text.replace(
    /^-?\d|^-$|[^\w\u0080-\uffff-]/g,
    (signs) =>
      (signs.length > 1 ? '-' : '') + (signs === '-' ? '\\-' : `\\${signs.charCodeAt(signs.length - 1).toString(16)} `),
  )
}
