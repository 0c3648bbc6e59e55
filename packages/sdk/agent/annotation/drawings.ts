import type { ParticipantId } from '@alongside/protocol'
import { Marks } from '../../annotation/marks.ts'
import type { PageSays } from '../../annotation/messages.ts'
import { Picture } from '../../annotation/picture.ts'
import { Places } from '../../annotation/places.ts'
import type { Pointing } from '../../annotation/pointing.ts'
import type { Toolbox } from '../toolbox.ts'

/** Those who point at once: the customer and as many agents as there can be. */
const MAX_POINTING = 21

export interface DrawingsOptions {
  /** Where the copy is; undefined where none is shown. */
  stage: Pick<Toolbox, 'layer' | 'scale' | 'replica'> | undefined
  /** What a participant is called. */
  nameOf(participant: ParticipantId): string
}

/** What is drawn on the copy of a page, as the page said it: live, or in a recording. */
export class Drawings {
  readonly marks = new Marks<number>()
  readonly #options: DrawingsOptions
  readonly #pointings = new Map<ParticipantId, Pointing<number>>()
  readonly #picture: Picture<number>

  constructor(options: DrawingsOptions) {
    this.#options = options
    const { stage } = options
    this.#picture = new Picture({
      marks: this.marks,
      pointings: this.#pointings,
      places: new Places(() => stage?.replica()?.element.contentDocument ?? undefined),
      find: (anchor) => stage?.replica()?.nodeOf(anchor) as Element | undefined,
      transform: () => `scale(${stage?.scale() ?? 1})`,
      scale: () => stage?.scale() ?? 1,
    })
  }

  /** Returns whether it was about what is drawn. */
  take(said: PageSays): boolean {
    switch (said.type) {
      case 'put': {
        const { author, type: _type, ...draft } = said
        this.marks.put(author, draft)
        break
      }
      case 'extend':
        this.marks.extend(`${said.author}.${said.id}`, said.points)
        break
      case 'remove':
        this.marks.remove(`${said.author}.${said.id}`)
        break
      case 'reset':
        this.forget()
        break
      case 'point': {
        const { author, tool, colour, anchor, x, y } = said
        if (this.#pointings.size >= MAX_POINTING && !this.#pointings.has(author)) break
        this.#pointings.set(author, { tool, anchor, x, y, name: this.#options.nameOf(author), colour })
        break
      }
      case 'rest':
        this.#pointings.delete(said.author)
        break
      default:
        return false
    }
    this.show()
    return true
  }

  /** Something changed: it is drawn with the next frame. */
  show(): void {
    const layer = this.#options.stage?.layer
    if (!layer) return
    if (this.#picture.host.parentNode !== layer) layer.append(this.#picture.host)
    this.#picture.wake()
  }

  forget(): void {
    this.marks.clear()
    this.#pointings.clear()
    this.show()
  }

  close(): void {
    this.forget()
    this.#picture.close()
  }
}
