import { pageDocument } from '../page-document.ts'

/** Says things to a screen reader, from a root that the page cannot look into. */
export class Speaker {
  readonly element = pageDocument.createElement('div')

  constructor() {
    this.element.setAttribute('role', 'status')
    this.element.setAttribute('aria-live', 'assertive')
    Object.assign(this.element.style, {
      position: 'absolute',
      width: '1px',
      height: '1px',
      overflow: 'hidden',
      clipPath: 'inset(50%)',
      whiteSpace: 'nowrap',
    })
  }

  /** The same text twice is said twice: a live region announces what is new in it. */
  say(text: string): void {
    const line = pageDocument.createElement('p')
    line.textContent = text
    this.element.replaceChildren(line)
  }
}
