import type { ParticipantId } from '@alongside/protocol'
import type { Mark } from '../../annotation/mark.ts'
import type { PageSays } from '../../annotation/messages.ts'

interface Told {
  revision: number
  length: number
  /** The anchor's number, as the agent was told it. */
  node: number
}

/** What one agent knows of the marks on the page. It is told only what it lacks, so whatever was lost or renumbered is put
 *  right by the next comparison. */
export class AgentCopy {
  readonly #say: (message: PageSays) => void
  readonly #told = new Map<string, Told & { author: ParticipantId; id: number }>()
  #steps = ''

  constructor(say: (message: PageSays) => void) {
    this.#say = say
  }

  /** The agent itself put or extended this mark, and so has it. */
  note({ key, author, id, revision, points }: Mark<Element>, node: number): void {
    this.#told.set(key, { author, id, revision, length: points.length, node })
  }

  /** The agent's mark was not taken: it must not believe that others see it. */
  refuse(author: ParticipantId, id: number): void {
    this.#say({ type: 'remove', author, id })
  }

  /** Its copy of the page began anew, with nothing drawn on it. */
  reset(): void {
    this.#told.clear()
    this.#steps = ''
    this.#say({ type: 'reset' })
  }

  /** Says what is new. Returns whether a mark waits for its element to get a number. */
  compare(marks: ReadonlyMap<string, Mark<Element>>, numberOf: (element: Element) => number | undefined): boolean {
    let waits = false
    for (const mark of marks.values()) {
      const node = numberOf(mark.anchor)
      if (node === undefined) waits = true
      else this.#compareMark(mark, node)
    }
    for (const [key, { author, id }] of this.#told) {
      if (marks.has(key)) continue
      this.#told.delete(key)
      this.#say({ type: 'remove', author, id })
    }
    return waits
  }

  /** Says how many acts the agent can take back, if that changed. */
  tellSteps(steps: { undo: number; redo: number }): void {
    const text = JSON.stringify(steps)
    if (text === (this.#steps || NO_STEPS)) return
    this.#steps = text
    this.#say({ type: 'steps', ...steps })
  }

  #compareMark(mark: Mark<Element>, node: number): void {
    const { key, author, id, tool, colour, points, text, done, revision } = mark
    const told = this.#told.get(key)
    if (told?.revision !== revision || told.node !== node)
      this.#say({ type: 'put', author, id, tool, colour, anchor: node, points, text, done })
    else if (told.length < points.length) this.#say({ type: 'extend', author, id, points: points.slice(told.length) })
    else return
    this.note(mark, node)
  }
}

const NO_STEPS = JSON.stringify({ undo: 0, redo: 0 })
