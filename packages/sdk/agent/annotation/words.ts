import { MAX_TEXT } from '../../annotation/mark.ts'
import type { Point } from '../../annotation/stroke.ts'

/** What stands in an empty field, and under it. */
export interface WordsTexts {
  placeholder: string
  hint: string
}

/** A field over the copy in which an agent writes a text or a note. Enter takes it, and so does a press elsewhere or
 *  another tool; Escape gives it up. */
export class Words {
  readonly #layer: HTMLElement
  #end: ((keep: boolean) => boolean) | undefined

  constructor(layer: HTMLElement) {
    this.#layer = layer
  }

  /** `at` is in pixels of the layer. `take` is called once, and not with nothing. */
  ask(at: Point, colour: string, { placeholder, hint }: WordsTexts, take: (text: string) => void): void {
    this.finish()
    const box = document.createElement('div')
    const field = document.createElement('input')
    const below = document.createElement('div')
    field.maxLength = MAX_TEXT
    field.placeholder = placeholder
    field.setAttribute('aria-label', placeholder)
    field.dir = below.dir = 'auto'
    below.textContent = hint
    below.id = 'alongside-words-hint'
    if (hint) field.setAttribute('aria-describedby', below.id)
    box.append(field, ...(hint ? [below] : []))
    style(box, field, below, colour)
    const end = (keep: boolean) => {
      if (this.#end === undefined) return false
      this.#end = undefined
      const text = keep ? field.value.trim() : ''
      box.remove()
      if (text) take(text)
      return text !== ''
    }
    this.#end = end
    field.addEventListener('keydown', (event) => {
      event.stopPropagation()
      if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
      event.preventDefault()
      end(event.key === 'Enter')
    })
    // Somebody who looks something up in another window comes back to it.
    field.addEventListener('blur', () => document.hasFocus() && end(true))
    this.#layer.append(box)
    const { clientWidth, clientHeight } = this.#layer
    const keepIn = (place: number, room: number) => `${Math.max(0, Math.min(place, room))}px`
    box.style.left = keepIn(at.x, clientWidth - box.offsetWidth)
    box.style.top = keepIn(at.y, clientHeight - box.offsetHeight)
    field.focus({ preventScroll: true })
  }

  /** Takes what was typed so far. False when that is nothing. */
  finish(): boolean {
    return this.#end?.(true) ?? false
  }

  /** Gives up what was typed. */
  close(): void {
    this.#end?.(false)
  }
}

function style(box: HTMLElement, field: HTMLElement, below: HTMLElement, colour: string): void {
  Object.assign(box.style, { position: 'absolute', width: '220px', pointerEvents: 'auto', zIndex: '2' })
  Object.assign(field.style, {
    width: '100%',
    boxSizing: 'border-box',
    padding: '6px 8px',
    border: `2px solid ${colour}`,
    borderRadius: '8px',
    font: '500 14px/1.35 system-ui, sans-serif',
    color: '#14161c',
    background: '#fff',
  })
  Object.assign(below.style, {
    width: 'max-content',
    maxWidth: '100%',
    boxSizing: 'border-box',
    marginTop: '4px',
    padding: '2px 8px',
    borderRadius: '6px',
    font: '500 12px/1.4 system-ui, sans-serif',
    color: '#fff',
    background: '#14161c',
  })
}
