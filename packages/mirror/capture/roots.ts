import { defaultView, isConnected, NODE_DOCUMENT, nodeType, rootOf } from './natives.ts'
import { type PatchListener, patchWindow } from './patches.ts'

type Root = Document | ShadowRoot

export interface RootListener extends PatchListener {
  /** Something happened that no observer sees. `target` is the innermost node, inside shadow roots too. */
  event(event: Event, target: Node): void
}

const OBSERVED: MutationObserverInit = {
  childList: true,
  subtree: true,
  attributes: true,
  attributeOldValue: true,
  characterData: true,
  characterDataOldValue: true,
}

const EVENTS = ['input', 'change', 'reset', 'scroll', 'toggle', 'load'] as const
const LISTENING = { capture: true, passive: true } as const

/** The documents and shadow roots that are watched: one observer, and listeners for what it does not see. */
export class Roots {
  readonly #observer: MutationObserver
  readonly #listener: RootListener
  readonly #guard: (run: () => void) => void
  readonly #entered = new Set<WeakRef<Root>>()
  readonly #seen = new WeakSet<Root>()
  readonly #undo: (() => void)[] = []

  constructor(wake: (records: MutationRecord[]) => void, guard: (run: () => void) => void, listener: RootListener) {
    this.#guard = guard
    this.#listener = listener
    this.#observer = new MutationObserver((records) => guard(() => wake(records)))
  }

  enter(root: Root): void {
    if (this.#seen.has(root)) return
    this.#seen.add(root)
    this.#entered.add(new WeakRef(root))
    this.#observer.observe(root, OBSERVED)
    this.#listen(root)
    const view = nodeType(root) === NODE_DOCUMENT ? defaultView(root) : null
    if (!view) return
    this.#undo.push(patchWindow(view, this.#listener))
    view.addEventListener('resize', this.#onEvent, LISTENING)
    this.#undo.push(() => view.removeEventListener('resize', this.#onEvent, LISTENING))
  }

  /** Whether changes of a node are reported: not in a document or shadow root that was never sent. */
  sees(node: Node): boolean {
    return this.#seen.has(rootOf(node) as Root)
  }

  /** `document.open()` removes all listeners of a document and keeps its observers. */
  listenAgain(document: Document): void {
    if (this.#seen.has(document)) this.#listen(document)
  }

  /** The roots that are still part of a page. */
  *live(): Iterable<Root> {
    for (const reference of this.#entered) {
      const root = reference.deref()
      if (!root) this.#entered.delete(reference)
      else if (isConnected(root)) yield root
    }
  }

  takeRecords(): MutationRecord[] {
    return this.#observer.takeRecords()
  }

  close(): void {
    this.#observer.disconnect()
    for (const reference of this.#entered) {
      const root = reference.deref()
      for (const name of EVENTS) root?.removeEventListener(name, this.#onEvent, LISTENING)
    }
    for (const undo of this.#undo.splice(0).reverse()) undo()
  }

  #listen(root: Root): void {
    for (const name of EVENTS) root.addEventListener(name, this.#onEvent, LISTENING)
  }

  // A form is reset after its event, and a listener of the page may still change what `input` brought: capture reads
  // the state with the next frame, not here.
  readonly #onEvent = (event: Event): void =>
    this.#guard(() => {
      const target = event.composedPath()[0]
      if (target && 'nodeType' in target) this.#listener.event(event, target as Node)
      else if (event.type === 'resize') this.#listener.event(event, (target as Window).document)
    })
}
