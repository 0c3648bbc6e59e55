import { MAX_TEXT } from '../../annotation/mark.ts'
import type { Point } from '../../annotation/stroke.ts'

/** A field over the copy in which an agent writes a text or a note. Enter takes it, Escape leaves it, and so does a
 *  press elsewhere. */
export class Words {
  readonly #layer: HTMLElement
  #close: (() => void) | undefined

  constructor(layer: HTMLElement) {
    this.#layer = layer
  }

  /** `at` is in pixels of the layer. `take` is called once, and not with nothing. */
  ask(at: Point, colour: string, placeholder: string, take: (text: string) => void): void {
    this.close()
    const field = document.createElement('input')
    field.maxLength = MAX_TEXT
    field.placeholder = placeholder
    field.setAttribute('aria-label', placeholder)
    field.dir = 'auto'
    const room = Math.max(0, this.#layer.clientWidth - 220)
    Object.assign(field.style, {
      position: 'absolute',
      left: `${Math.max(0, Math.min(at.x, room))}px`,
      top: `${Math.max(0, Math.min(at.y, this.#layer.clientHeight - 36))}px`,
      width: '220px',
      boxSizing: 'border-box',
      padding: '6px 8px',
      border: `2px solid ${colour}`,
      borderRadius: '8px',
      font: '500 14px/1.35 system-ui, sans-serif',
      color: '#14161c',
      background: '#fff',
      pointerEvents: 'auto',
      zIndex: '2',
    })
    const end = (keep: boolean) => {
      if (this.#close === undefined) return
      this.#close = undefined
      const text = field.value.trim()
      field.remove()
      if (keep && text) take(text)
    }
    this.#close = () => end(false)
    field.addEventListener('keydown', (event) => {
      event.stopPropagation()
      if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
      event.preventDefault()
      end(event.key === 'Enter')
    })
    field.addEventListener('blur', () => end(true))
    this.#layer.append(field)
    field.focus({ preventScroll: true })
  }

  close(): void {
    this.#close?.()
  }
}
