import { ACTION_KEYS, type Action, type ActionPlace } from '@alongside/protocol'
import { openPicker } from './assist-picker.ts'
import type { RemoteAssist } from './remote-assist.ts'
import type { Toolbox } from './toolbox.ts'

/** What one line of a wheel that counts in lines is, in CSS pixels. */
const LINE_PX = 16

/** Characters of one paste: with its JSON around it, and each of four bytes, it is below the size of a gesture. */
const MAX_PASTE = 8_000

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'NumLock', 'Fn'])
/** Keys that an input method or another layer makes something of. */
const UNFINISHED = new Set(['Dead', 'Process', 'Unidentified'])

/** A pane over the copy, while we have the hand: what the agent does on it is done on the customer's page. Nothing is
 *  done here; the copy shows what came of it. Shift and Escape take the keyboard back. */
export class AssistInput {
  readonly #assist: RemoteAssist
  readonly #toolbox: Toolbox
  readonly #pane = document.createElement('div')
  /** Gets the keys: only a field has input methods and paste. */
  readonly #keys = document.createElement('textarea')
  #move: PointerEvent | undefined
  #wheel: { event: WheelEvent; dx: number; dy: number } | undefined
  #isScheduled = false
  #isPressed = false
  #last: ActionPlace | undefined

  constructor(assist: RemoteAssist, toolbox: Toolbox) {
    this.#assist = assist
    this.#toolbox = toolbox
    Object.assign(this.#pane.style, { position: 'absolute', inset: '0', pointerEvents: 'auto', touchAction: 'none' })
    Object.assign(this.#keys.style, {
      position: 'absolute',
      width: '1px',
      height: '1px',
      opacity: '0',
      border: '0',
      padding: '0',
      resize: 'none',
    })
    this.#keys.setAttribute('aria-label', 'Keyboard of the customer’s page. Shift and Escape to leave.')
    this.#keys.autocapitalize = 'off'
    this.#keys.spellcheck = false
    this.#pane.append(this.#keys)
    this.#listen()
  }

  show(isShown: boolean): void {
    if (isShown === this.#pane.isConnected) return
    if (isShown) this.#toolbox.layer.append(this.#pane)
    else this.#pane.remove()
    this.#isPressed = false
    this.#move = undefined
    this.#wheel = undefined
  }

  #listen(): void {
    const pane = this.#pane
    pane.addEventListener('pointermove', (event) => {
      this.#move = event
      this.#schedule()
    })
    pane.addEventListener('pointerdown', (event) => this.#press(event))
    pane.addEventListener('pointerup', (event) => this.#release(event))
    pane.addEventListener('pointercancel', (event) => this.#release(event))
    // The field keeps the focus.
    pane.addEventListener('mousedown', (event) => event.preventDefault())
    pane.addEventListener('contextmenu', (event) => event.preventDefault())
    pane.addEventListener('wheel', (event) => this.#turn(event), { passive: false })
    this.#keys.addEventListener('keydown', (event) => this.#key(event))
    this.#keys.addEventListener('input', (event) => this.#input(event as InputEvent))
    this.#keys.addEventListener('compositionend', ({ data }) => this.#text(data, true))
    this.#keys.addEventListener('paste', (event) => {
      event.preventDefault()
      this.#text(event.clipboardData?.getData('text/plain') ?? '', false)
    })
  }

  #press(event: PointerEvent): void {
    event.preventDefault()
    this.#keys.focus({ preventScroll: true })
    const at = this.#place(event)
    if (!at) return
    this.#flush()
    if (this.#assist.can('select') && event.button === 0 && this.#pick(at)) return
    if (!this.#assist.can('click')) {
      if (this.#assist.can('type')) this.#act({ do: 'focus', node: at.node })
      return
    }
    this.#isPressed = true
    this.#pane.setPointerCapture(event.pointerId)
    this.#act({ do: 'press', at, button: event.button, keys: keysOf(event) })
  }

  #release(event: PointerEvent): void {
    if (!this.#isPressed) return
    this.#isPressed = false
    this.#flush()
    const at = this.#place(event) ?? this.#last
    if (at) this.#act({ do: 'release', at, button: event.button, keys: keysOf(event) })
  }

  #turn(event: WheelEvent): void {
    if (!this.#assist.can('scroll_page') || event.ctrlKey) return
    event.preventDefault()
    const unit = (event.deltaMode === event.DOM_DELTA_LINE ? LINE_PX : 1) / this.#toolbox.scale()
    const { dx = 0, dy = 0 } = this.#wheel ?? {}
    this.#wheel = { event, dx: dx + event.deltaX * unit, dy: dy + event.deltaY * unit }
    this.#schedule()
  }

  #key(event: KeyboardEvent): void {
    const { key, code, isComposing } = event
    if (key === 'Escape' && event.shiftKey) return this.#keys.blur()
    if (isComposing || UNFINISHED.has(key) || MODIFIERS.has(key) || !this.#assist.can('type')) return
    const isPaste = (event.ctrlKey || event.metaKey) && key.toLowerCase() === 'v'
    if (isPaste) return
    event.preventDefault()
    // A key for the third level makes a character, and is no command.
    const isCharacter = event.getModifierState('AltGraph') && key.length === 1
    this.#act({ do: 'key', key, code, keys: isCharacter ? 0 : keysOf(event) })
  }

  /** What came without a key: from a keyboard on the screen, or by dictation. */
  #input(event: InputEvent): void {
    if (event.isComposing) return
    const { value } = this.#keys
    this.#keys.value = ''
    if (event.inputType !== 'insertCompositionText') this.#text(value, false)
  }

  #text(text: string, composed: boolean): void {
    this.#keys.value = ''
    if (text && this.#assist.can('type')) this.#act({ do: 'text', text: text.slice(0, MAX_PASTE), composed })
  }

  /** Lists, dates and colours open a picker of the agent's browser: the customer's does not open by script. */
  #pick(at: ActionPlace): boolean {
    const element = this.#toolbox.replica()?.nodeOf(at.node)
    return openPicker(this.#pane, element, (values) => this.#act({ do: 'choose', node: at.node, values }))
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    requestAnimationFrame(() => {
      this.#isScheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    const wheel = this.#wheel
    const move = this.#move
    this.#wheel = undefined
    this.#move = undefined
    if (move && this.#assist.can('click')) {
      const at = this.#place(move)
      const same = at && this.#last && at.node === this.#last.node && at.x === this.#last.x && at.y === this.#last.y
      if (at && !same) this.#act({ do: 'move', at, keys: keysOf(move) })
      this.#last = at
    }
    const over = wheel && this.#place(wheel.event)
    if (over) this.#act({ do: 'wheel', at: over, dx: wheel.dx, dy: wheel.dy })
  }

  #place({ clientX, clientY }: MouseEvent): ActionPlace | undefined {
    return this.#toolbox.anchorAt(clientX, clientY)
  }

  #act(action: Action): void {
    void this.#assist.act(action)
  }
}

function keysOf({ ctrlKey, shiftKey, altKey, metaKey }: MouseEvent | KeyboardEvent): number {
  return (
    (ctrlKey ? ACTION_KEYS.ctrl : 0) |
    (shiftKey ? ACTION_KEYS.shift : 0) |
    (altKey ? ACTION_KEYS.alt : 0) |
    (metaKey ? ACTION_KEYS.meta : 0)
  )
}
