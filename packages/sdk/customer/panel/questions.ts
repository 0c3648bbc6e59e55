import type { AgentInfo } from '@alongside/protocol'
import type { Clock } from '../../connection/clock.ts'
import { button, element, face } from './element.ts'
import type { Texts } from './texts.ts'

/** How long a question that was answered keeps the page from being pressed: the second half of a double click. */
const SHIELD_MS = 400

export interface Question {
  /** Who asks, or whom it is about. */
  agent: AgentInfo
  words(texts: Texts): { title: (Node | string)[]; text: string; note?: string; yes: string; no: string }
  answer(granted: boolean): void
}

/** Asks the customer one question after the other. Only the person at the device can answer yes: any other way in which
 *  the dialog closes is a no, or asks again. */
export class Questions {
  readonly #root: Node & ParentNode
  readonly #texts: () => Texts
  readonly #clock: Clock
  readonly #queue: Question[] = []
  #shown: { question: Question; dialog: HTMLDialogElement } | undefined
  #dropShield: (() => void) | undefined

  constructor(root: Node & ParentNode, texts: () => Texts, clock: Clock) {
    this.#root = root
    this.#texts = texts
    this.#clock = clock
  }

  /** Whether a question is on the screen. */
  get asking(): boolean {
    return this.#shown !== undefined
  }

  /** The returned function takes the question back, asked or not. */
  ask(question: Question): () => void {
    this.#queue.push(question)
    this.#next()
    return () => {
      const index = this.#queue.indexOf(question)
      if (index >= 0) this.#queue.splice(index, 1)
      if (this.#shown?.question === question) this.#close()
      this.#next()
    }
  }

  dropAll(): void {
    this.#queue.length = 0
    this.#close()
    this.#dropShield?.()
  }

  /** Brings the question to the front again, after the page has opened a dialog of its own or moved ours. */
  raise(): void {
    const dialog = this.#shown?.dialog
    if (!dialog?.isConnected) return
    const focused = (dialog.getRootNode() as ShadowRoot).activeElement
    dialog.close()
    dialog.showModal()
    if (focused instanceof HTMLElement) focused.focus()
  }

  /** Says it in another language. */
  redraw(): void {
    if (this.#shown) this.#fill(this.#shown.dialog, this.#shown.question)
  }

  #next(): void {
    const question = this.#shown ? undefined : this.#queue.shift()
    if (!question) return
    const dialog = element('dialog', 'dialog')
    dialog.tabIndex = -1
    dialog.setAttribute('aria-labelledby', 'title')
    dialog.setAttribute('aria-describedby', 'text')
    // Escape. A page's own close request cannot reach a closed root.
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault()
      this.#settle(question, false)
    })
    this.#fill(dialog, question)
    this.#shown = { question, dialog }
    this.#root.append(dialog)
    dialog.showModal()
    // Not a button: a customer who is typing must not answer with the next key.
    dialog.focus()
    dialog.scrollTop = 0
  }

  #fill(dialog: HTMLDialogElement, question: Question): void {
    const words = question.words(this.#texts())
    const title = element('h2', '', ...words.title)
    title.id = 'title'
    const text = element('p', '', words.text)
    text.id = 'text'
    if (words.note) text.append(element('strong', 'recorded', words.note))
    const actions = element(
      'div',
      'actions',
      button('', words.no, () => this.#settle(question, false)),
      button('primary', words.yes, () => this.#settle(question, true)),
    )
    dialog.replaceChildren(face(question.agent), title, text, actions)
  }

  #settle(question: Question, granted: boolean): void {
    const shown = this.#shown
    if (shown?.question !== question) return
    this.#shown = undefined
    this.#shield(shown.dialog)
    question.answer(granted)
    this.#next()
  }

  /** The dialog stays for a moment, out of sight. */
  #shield(dialog: HTMLDialogElement): void {
    this.#dropShield?.()
    dialog.classList.add('gone')
    dialog.replaceChildren()
    const cancel = this.#clock.after(SHIELD_MS, () => this.#dropShield?.())
    this.#dropShield = () => {
      cancel()
      this.#dropShield = undefined
      remove(dialog)
    }
  }

  #close(): void {
    const dialog = this.#shown?.dialog
    this.#shown = undefined
    if (dialog) remove(dialog)
  }
}

function remove(dialog: HTMLDialogElement): void {
  dialog.close()
  dialog.remove()
}
