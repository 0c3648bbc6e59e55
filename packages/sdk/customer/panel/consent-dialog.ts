import type { AgentInfo, ParticipantId } from '@alongside/protocol'
import { button, element, sentence } from './element.ts'
import { plainName } from './plain-name.ts'
import type { Texts } from './texts.ts'

/** Who wants to look. */
export interface Asking extends AgentInfo {
  /** The company behind the SDK key, if it has a name. */
  company?: string
  /** What the agent sees is kept. */
  recorded?: boolean
}

/** Asks, one agent after the other, whether it may see the page. Only the person at the device can answer yes: any
 *  other way in which the dialog closes is a no, or asks again. */
export class ConsentDialog {
  readonly #root: Node & ParentNode
  readonly #texts: Texts
  readonly #answer: (participant: ParticipantId, granted: boolean) => void
  readonly #queue: Asking[] = []
  #shown: { agent: Asking; dialog: HTMLDialogElement } | undefined

  constructor(root: Node & ParentNode, texts: Texts, answer: (participant: ParticipantId, granted: boolean) => void) {
    this.#root = root
    this.#texts = texts
    this.#answer = answer
  }

  /** Whether a question is on the screen. */
  get asking(): boolean {
    return this.#shown !== undefined
  }

  ask(agent: Asking): void {
    this.#queue.push(agent)
    this.#next()
  }

  /** Takes a question back, asked or not. */
  drop(participant: ParticipantId): void {
    const index = this.#queue.findIndex((agent) => agent.participant === participant)
    if (index >= 0) this.#queue.splice(index, 1)
    if (this.#shown?.agent.participant === participant) this.#close()
    this.#next()
  }

  dropAll(): void {
    this.#queue.length = 0
    this.#close()
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

  #next(): void {
    if (this.#shown) return
    const agent = this.#queue.shift()
    if (!agent) return
    const dialog = this.#make(agent)
    this.#shown = { agent, dialog }
    this.#root.append(dialog)
    dialog.showModal()
    // Not a button: a customer who is typing must not answer with the next key.
    dialog.focus()
  }

  #make(agent: Asking): HTMLDialogElement {
    const name = plainName(agent.userName)
    const texts = this.#texts
    const words =
      agent.company === undefined
        ? sentence(texts.askTitle, { agent: name })
        : sentence(texts.askTitleCompany, { agent: name, company: plainName(agent.company) })
    const title = element('h2', '', ...words)
    title.id = 'title'
    const text = element('p', '', `${texts.askText} ${texts.askStop}`)
    text.id = 'text'
    if (agent.recorded) text.append(element('strong', 'recorded', texts.recorded))
    const face = element('div', 'face', [...name][0]?.toUpperCase() ?? '')
    face.setAttribute('aria-hidden', 'true')
    const actions = element(
      'div',
      'actions',
      button('', texts.deny, () => this.#settle(agent, false)),
      button('primary', texts.allow, () => this.#settle(agent, true)),
    )
    const dialog = element('dialog', '', face, title, text, actions)
    dialog.tabIndex = -1
    dialog.setAttribute('aria-labelledby', title.id)
    dialog.setAttribute('aria-describedby', text.id)
    // Escape. A page's own close request cannot reach a closed root.
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault()
      this.#settle(agent, false)
    })
    return dialog
  }

  #settle(agent: Asking, granted: boolean): void {
    if (this.#shown?.agent !== agent) return
    this.#close()
    this.#answer(agent.participant, granted)
    this.#next()
  }

  #close(): void {
    const dialog = this.#shown?.dialog
    this.#shown = undefined
    dialog?.close()
    dialog?.remove()
  }
}
