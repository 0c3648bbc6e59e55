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

const EVENTS =
  'input change reset scroll toggle load error focusin focusout pointerover pointerout pointerdown pointerup selectionchange fullscreenchange'.split(
    ' ',
  )
/** Events of a window. */
const WINDOW_EVENTS = ['resize', 'hashchange']
const LISTENING = { capture: true, passive: true } as const

/** The documents and shadow roots that are watched: one observer, and listeners for what it does not see. */
export class Roots {
  /** One for each document that is shown: the browser makes the objects of a record in the realm of the callback. */
  readonly #observers = new Map<Document, MutationObserver>()
  #outermost: Document | undefined
  readonly #wake: (records: MutationRecord[]) => void
  readonly #listener: RootListener
  readonly #guard: (run: () => void) => void
  readonly #entered = new Set<WeakRef<Root>>()
  readonly #seen = new WeakSet<Root>()
  readonly #undo: (() => void)[] = []

  constructor(wake: (records: MutationRecord[]) => void, guard: (run: () => void) => void, listener: RootListener) {
    this.#guard = guard
    this.#listener = listener
    this.#wake = wake
  }

  enter(root: Root): void {
    if (this.#seen.has(root)) return
    this.#seen.add(root)
    this.#entered.add(new WeakRef(root))
    const document = nodeType(root) === NODE_DOCUMENT ? (root as Document) : undefined
    this.#outermost ??= document
    // A shadow root can move on to another document, and the frame that it was in can go: the page itself stays.
    this.#observerFor(document ?? this.#outermost!).observe(root, OBSERVED)
    this.#listen(root)
    const view = document ? defaultView(document) : null
    if (!view) return
    this.#undo.push(patchWindow(view, this.#listener))
    this.#listen(view, WINDOW_EVENTS)
    this.#undo.push(() => this.#listen(view, WINDOW_EVENTS, 'removeEventListener'))
  }

  /** Whether changes of a node are reported: not in a document or shadow root that was never sent. */
  sees(node: Node): boolean {
    return this.#seen.has(rootOf(node) as Root)
  }

  /** `document.open()` removes all listeners of a document and its window, and keeps its observers. */
  listenAgain(document: Document): void {
    if (!this.#seen.has(document)) return
    this.#listen(document)
    const view = defaultView(document)
    if (view) this.#listen(view, WINDOW_EVENTS)
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
    const records: MutationRecord[] = []
    for (const [document, observer] of this.#observers) {
      records.push(...observer.takeRecords())
      if (defaultView(document)) continue
      observer.disconnect()
      this.#observers.delete(document)
    }
    return records
  }

  #observerFor(document: Document): MutationObserver {
    const known = this.#observers.get(document)
    if (known) return known
    const view = defaultView(document) ?? window
    // What other documents have to report belongs to the same change: a node that moved from one to the other.
    const report: MutationCallback = (records) => this.#guard(() => this.#wake([...records, ...this.takeRecords()]))
    const observer = new view.MutationObserver(new view.Proxy(report, {}))
    this.#observers.set(document, observer)
    return observer
  }

  close(): void {
    for (const observer of this.#observers.values()) observer.disconnect()
    for (const reference of this.#entered) {
      const root = reference.deref()
      if (root) this.#listen(root, EVENTS, 'removeEventListener')
    }
    for (const undo of this.#undo.splice(0).reverse()) {
      try {
        undo()
      } catch {
        // A window that went to another origin since has taken its own functions along.
      }
    }
  }

  #listen(
    target: EventTarget,
    names = EVENTS,
    how: 'addEventListener' | 'removeEventListener' = 'addEventListener',
  ): void {
    for (const name of names) EventTarget.prototype[how].call(target, name, this.#onEvent, LISTENING)
  }

  // A form is reset after its event, and a listener of the page may still change what `input` brought: capture reads
  // the state with the next frame, not here.
  readonly #onEvent = (event: Event): void =>
    this.#guard(() => {
      const target = innermost(event)
      if (target)
        this.#listener.event(
          event,
          (target as Window).window === target ? (target as Window).document : (target as Node),
        )
    })
}

const { composedPath } = Event.prototype

function innermost(event: Event): EventTarget | undefined {
  return composedPath.call(event)[0]
}
