import { AlongsideError, type FrameHeader, type FrameKind, SERVER_ID } from '@alongside/protocol'
import type { AssistMessage, Load, Part, PartContext, PartName } from './part.ts'

const PART_OF: { [Kind in FrameKind]?: PartName } = { annotation: 'annotation', action: 'assist' }

/** What an agent is told who draws where that is switched off: as `PageSays` of annotation, which is not loaded for it. */
const REFUSED = new TextEncoder().encode('{"type":"refused","code":1121}')

/** The parts of a session that were needed so far. */
export class Parts {
  readonly #load: Load
  readonly #context: PartContext
  readonly #onError: (error: unknown) => void
  readonly #parts = new Map<PartName, Promise<Part | undefined>>()
  #closed = false

  constructor(load: Load, context: PartContext, onError: (error: unknown) => void) {
    this.#load = load
    this.#context = context
    this.#onError = onError
  }

  /** The part, loaded if need be. Undefined when that fails, which is told once, or the session is over. */
  get(name: PartName): Promise<Part | undefined> {
    let part = this.#parts.get(name)
    if (!part) {
      part = this.#load(name).then(
        ({ createPart }) => (this.#closed ? undefined : createPart(this.#context)),
        () => void this.#onError(new AlongsideError(1016)),
      )
      this.#parts.set(name, part)
    }
    return part
  }

  /** Takes a gesture of an agent who may look, where it is allowed. */
  receive({ kind, peer, sequence }: FrameHeader, payload: Uint8Array): void {
    // The agent sees a copy from now on.
    if (kind === 'ack' && sequence === 1)
      void this.#parts.get('assist')?.then((part) => part?.receive(kind, peer, payload))
    const name = PART_OF[kind]
    const features = this.#context.features()
    const session = this.#context.session()
    const isAllowed = name === 'annotation' ? features?.agentAnnotation : features?.remoteAssist
    const agent = session?.agents.get(peer)
    if (session?.paused || (agent?.standing !== 'live' && peer !== SERVER_ID)) return
    if (kind === 'restart')
      for (const part of this.#parts.values()) void part.then((loaded) => loaded?.restarted?.(peer))
    if (!agent) return
    if (!name) return
    if (!isAllowed || agent.watchOnly) {
      if (name === 'annotation') this.#context.sendFrame(kind, peer, REFUSED)
      return
    }
    void this.get(name).then((part) => part?.receive(kind, peer, payload))
  }

  /** What the server says of remote assist. Nobody gets the hand where it is not allowed, or cannot be loaded. */
  tell(message: AssistMessage): void {
    const isNew = message.type === 'assist_requested' || message.type === 'assist_started' || 'assist' in message
    const stop = () => this.#context.send({ type: 'assist_stop', off: true })
    if (isNew && !this.#context.features()?.remoteAssist) return stop()
    const part = isNew ? this.get('assist') : this.#parts.get('assist')
    void part?.then((loaded) => (loaded ? loaded.tell?.(message) : stop()))
  }

  changed(): void {
    // Nobody need draw first to learn that they cannot.
    if (this.#context.features()?.agentAnnotation === false)
      for (const { participant, standing } of this.#context.session()?.agents.values() ?? [])
        if (standing === 'live') this.#context.sendFrame('annotation', participant, REFUSED)
    for (const part of this.#parts.values()) void part.then((loaded) => loaded?.changed?.())
  }

  /** May be called twice. */
  close(): void {
    this.#closed = true
    for (const part of this.#parts.values()) void part.then((loaded) => loaded?.close())
    this.#parts.clear()
  }
}
