import type { ParticipantId } from '@alongside/protocol'
import { type Draft, MAX_ALL_POINTS, MAX_MARKS, MAX_POINTS, type Mark, markKey } from './mark.ts'

/** The marks on a page, oldest first. */
export class Marks<Anchor> {
  readonly all = new Map<string, Mark<Anchor>>()
  /** Another one after each change. */
  version = 0
  #revisions = 0

  /** Puts a mark, or puts it anew in its place. Points beyond the limit are left out. */
  put(author: ParticipantId, draft: Draft<Anchor>): Mark<Anchor> {
    const key = markKey(author, draft.id)
    const points = draft.points.slice(0, MAX_POINTS * 2)
    const mark = { ...draft, points, key, author, revision: ++this.#revisions }
    return this.restore(mark)
  }

  /** A mark that was there before, as it was. */
  restore(mark: Mark<Anchor>): Mark<Anchor> {
    this.all.set(mark.key, mark)
    this.version++
    let points = 0
    for (const { points: one } of this.all.values()) points += one.length / 2
    for (const [key, oldest] of this.all) {
      if (this.all.size <= MAX_MARKS && points <= MAX_ALL_POINTS) break
      points -= oldest.points.length / 2
      this.all.delete(key)
    }
    return mark
  }

  /** Adds points to a mark that its author is still drawing. False when there is none. */
  extend(key: string, points: readonly number[]): boolean {
    const mark = this.all.get(key)
    if (!mark || mark.done) return false
    const room = MAX_POINTS * 2 - mark.points.length
    mark.points.push(...points.slice(0, room))
    this.version++
    return true
  }

  remove(key: string): Mark<Anchor> | undefined {
    const mark = this.all.get(key)
    if (mark && this.all.delete(key)) this.version++
    return mark
  }

  clear(): void {
    if (this.all.size) this.version++
    this.all.clear()
  }
}
