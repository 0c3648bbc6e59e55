import type { ParticipantId } from '@alongside/protocol'
import { type Draft, MAX_STEPS, type Mark, markKey, VANISH_MS } from './mark.ts'
import { Marks } from './marks.ts'

/** What one act of an author put on the page and took from it. */
interface Step<Anchor> {
  added: Mark<Anchor>[]
  removed: Mark<Anchor>[]
}

interface History<Anchor> {
  done: Step<Anchor>[]
  undone: Step<Anchor>[]
}

export interface BoardOptions<Anchor> {
  /** Milliseconds from any fixed point. */
  now(): number
  /** Whether the element is on the page: a mark of one that is gone cannot come back. */
  isAlive(anchor: Anchor): boolean
}

/** What is drawn on a page, by whom, and what each author can take back. The customer's page has it; what agents see is
 *  copied from here. */
export class Board<Anchor> {
  readonly marks = new Marks<Anchor>()
  readonly #options: BoardOptions<Anchor>
  readonly #histories = new Map<ParticipantId, History<Anchor>>()
  /** When the marks of the vanishing pen are to go. */
  readonly #ends = new Map<string, number>()

  constructor(options: BoardOptions<Anchor>) {
    this.#options = options
  }

  put(author: ParticipantId, draft: Draft<Anchor>): Mark<Anchor> {
    const isNew = !this.marks.all.has(markKey(author, draft.id))
    const before = this.marks.all.get(markKey(author, draft.id))
    const mark = this.marks.put(author, draft)
    if (draft.tool === 'vanishing_pen') {
      if (draft.done) this.#ends.set(mark.key, this.#options.now() + VANISH_MS)
    } else if (isNew) this.#note(author, { added: [mark], removed: [] })
    else if (before) this.#replace(author, before, mark)
    return mark
  }

  extend(author: ParticipantId, id: number, points: readonly number[]): boolean {
    return this.marks.extend(markKey(author, id), points)
  }

  /** Takes a mark away, whoever drew it. */
  erase(author: ParticipantId, key: string): boolean {
    return this.#take(author, [this.marks.all.get(key)])
  }

  clear(author: ParticipantId, whose: 'own' | 'all'): boolean {
    return this.#take(
      author,
      [...this.marks.all.values()].filter((mark) => whose === 'all' || mark.author === author),
    )
  }

  /** Takes the author's last act back. What others have taken away since stays away. */
  undo(author: ParticipantId): boolean {
    const { done, undone } = this.#historyOf(author)
    for (let step = done.pop(); step; step = done.pop()) {
      const { gone, here } = this.#swap(step.added, step.removed)
      if (gone.length + here.length === 0) continue
      undone.push({ added: gone, removed: here })
      return true
    }
    return false
  }

  redo(author: ParticipantId): boolean {
    const { done, undone } = this.#historyOf(author)
    for (let step = undone.pop(); step; step = undone.pop()) {
      const { gone, here } = this.#swap(step.removed, step.added)
      if (gone.length + here.length === 0) continue
      done.push({ added: here, removed: gone })
      return true
    }
    return false
  }

  /** How many acts the author can take back and do again, without those whose elements are gone. */
  steps(author: ParticipantId): { undo: number; redo: number } {
    const { done, undone } = this.#historyOf(author)
    return {
      undo: done.filter(({ added, removed }) => this.#canSwap(added, removed)).length,
      redo: undone.filter(({ added, removed }) => this.#canSwap(removed, added)).length,
    }
  }

  /** The author is gone in the middle of a stroke, perhaps. */
  finish(author: ParticipantId): void {
    for (const mark of this.marks.all.values())
      if (mark.author === author && !mark.done) this.put(author, { ...mark, done: true })
  }

  /** Lets go what has vanished by now. Returns when to call again. */
  expire(): number | undefined {
    const now = this.#options.now()
    let next: number | undefined
    for (const [key, end] of this.#ends) {
      if (end <= now) {
        this.#ends.delete(key)
        this.marks.remove(key)
      } else next = Math.min(end, next ?? end)
    }
    return next
  }

  /** Lets go what belonged to elements that are gone. */
  dropDead(): void {
    for (const mark of this.marks.all.values()) if (!this.#options.isAlive(mark.anchor)) this.marks.remove(mark.key)
  }

  #take(author: ParticipantId, marks: (Mark<Anchor> | undefined)[]): boolean {
    const removed = marks.filter(
      (mark) => mark !== undefined && this.marks.remove(mark.key) !== undefined,
    ) as Mark<Anchor>[]
    const kept = removed.filter(({ tool }) => tool !== 'vanishing_pen')
    if (kept.length) this.#note(author, { added: [], removed: kept })
    return removed.length > 0
  }

  /** Answers what went and what came: others may have taken some away, or drawn it anew, and that is not this author's. */
  #swap(away: Mark<Anchor>[], back: Mark<Anchor>[]): { gone: Mark<Anchor>[]; here: Mark<Anchor>[] } {
    const gone = away.flatMap(({ key }) => this.marks.remove(key) ?? [])
    const here = back.filter((mark) => this.#canReturn(mark))
    for (const mark of here) this.marks.restore(mark)
    return { gone, here }
  }

  #canSwap(away: Mark<Anchor>[], back: Mark<Anchor>[]): boolean {
    return away.some(({ key }) => this.marks.all.has(key)) || back.some((mark) => this.#canReturn(mark))
  }

  #canReturn({ key, anchor }: Mark<Anchor>): boolean {
    return !this.marks.all.has(key) && this.#options.isAlive(anchor)
  }

  #note(author: ParticipantId, step: Step<Anchor>): void {
    const history = this.#historyOf(author)
    history.undone.length = 0
    history.done.push(step)
    if (history.done.length > MAX_STEPS) history.done.shift()
  }

  /** A step that is done again brings the mark as it is now. */
  #replace(author: ParticipantId, before: Mark<Anchor>, mark: Mark<Anchor>): void {
    for (const { added } of this.#historyOf(author).done)
      if (added.includes(before)) added[added.indexOf(before)] = mark
  }

  #historyOf(author: ParticipantId): History<Anchor> {
    const history = this.#histories.get(author) ?? { done: [], undone: [] }
    this.#histories.set(author, history)
    return history
  }
}
