import { AlongsideError, ERRORS, type ParticipantId } from '@alongside/protocol'
import { Anchors } from '../../annotation/anchors.ts'
import { COLOURS, colourOf } from '../../annotation/colours.ts'
import { Hand } from '../../annotation/hand.ts'
import { ANNOTATION_TOOLS, type AnnotationTool, type Draft } from '../../annotation/mark.ts'
import { type AgentSays, encodeSaying, type PageSays, readPageSays } from '../../annotation/messages.ts'
import { Places } from '../../annotation/places.ts'
import type { Point } from '../../annotation/stroke.ts'
import { Surface } from '../../annotation/surface.ts'
import type { Toolbox } from '../toolbox.ts'
import { Aim } from './aim.ts'
import type { Annotation, AnnotationState, ToolOptions } from './annotation.ts'
import { Drawings } from './drawings.ts'
import { cursorOf } from './tool-cursor.ts'
import { Words } from './words.ts'

export interface AnnotationSeatOptions {
  /** Undefined where no copy is shown. */
  toolbox: Toolbox | undefined
  /** This agent's number. */
  self(): ParticipantId
  /** What a participant is called. */
  nameOf(participant: ParticipantId): string
  /** Whether the customer's page takes something now. */
  isLive(): boolean
}

/** An agent's drawing: its own marks at once, and what the customer's page says of everybody's. */
export class AnnotationSeat {
  readonly face: Annotation
  readonly #options: AnnotationSeatOptions
  readonly #drawings: Drawings
  readonly #hand: Hand<number>
  readonly #surface: Surface<number>
  readonly #element = document.createElement('div')
  readonly #words: Words | undefined
  readonly #aim: Aim | undefined
  #texts = { placeholder: '', hint: '' }
  #colour: number | undefined
  #steps = { undo: 0, redo: 0 }
  #allowed = true
  #told = ''

  constructor(options: AnnotationSeatOptions) {
    this.#options = options
    const { toolbox } = options
    const outermost = () => toolbox?.replica()?.element.contentDocument ?? undefined
    const find = (anchor: number) => toolbox?.replica()?.nodeOf(anchor) as Element | undefined
    const anchorOf = (element: Element) => toolbox?.replica()?.numberOf(element)
    const places = new Places(outermost)
    const isKnown = (element: Element) => anchorOf(element) !== undefined
    const anchors = new Anchors({ outermost, places, isKnown, isOurs: () => false })
    this.#drawings = new Drawings({ stage: toolbox, nameOf: options.nameOf })
    const { marks } = this.#drawings
    this.#hand = new Hand({ anchors, places, marks, find, anchorOf, actions: this.#makeActions() })
    this.#surface = new Surface(
      this.#hand,
      (event) => this.#toPage(event),
      () => this.#rest(),
    )
    this.#words = toolbox && new Words(toolbox.layer)
    this.#aim = toolbox && new Aim({ layer: toolbox.layer, scale: toolbox.scale, anchors, places })
    Object.assign(this.#element.style, { position: 'absolute', inset: '0' })
    this.#surface.listen(this.#element)
    this.#element.addEventListener('pointermove', (event) => this.#point(event))
    this.#element.addEventListener('pointerleave', () => this.#aim?.rest())
    this.face = this.#makeFace()
  }

  /** What the customer's page says. */
  receive(payload: Uint8Array): void {
    const said = readPageSays(payload)
    if (!said) return
    this.#take(said)
    this.#attach()
    this.#tell()
  }

  /** The session went on: it may have become live, or paused, or the customer may be in another page. `anew`: what was
   *  drawn is no longer known. */
  changed(anew = false): void {
    if (anew) {
      // What it was written on is gone.
      this.#words?.close()
      this.#forget()
    }
    this.#attach()
    this.#tell()
  }

  /** The session is over. */
  close(): void {
    this.#allowed = true
    this.#forget()
    this.#words?.close()
    this.#aim?.rest()
    this.#element.remove()
    this.#drawings.close()
    this.#tell()
  }

  #makeFace(): Annotation {
    return {
      colours: COLOURS,
      use: (tool, options) => this.#use(tool, options),
      setColour: (name) => {
        const colour = COLOURS.findIndex((one) => one.name === name)
        if (colour < 0) throw invalid('colour', COLOURS.map((one) => one.name).join(', '))
        this.#colour = colour
        this.#attach()
        this.#tell()
      },
      undo: () => this.#say({ type: 'undo' }),
      redo: () => this.#say({ type: 'redo' }),
      clear: (whose = 'own') => this.#say({ type: 'clear', whose: whose === 'all' ? 'all' : 'own' }),
      getState: () => this.#state(),
    }
  }

  #use(tool: AnnotationTool | undefined, { placeholder = '', hint = '' }: ToolOptions = {}): void {
    if (tool !== undefined && !ANNOTATION_TOOLS.includes(tool)) throw invalid('tool', ANNOTATION_TOOLS.join(', '))
    this.#surface.stop()
    this.#words?.finish()
    this.#aim?.rest()
    this.#texts = { placeholder, hint }
    this.#hand.tool = tool
    this.#attach()
    this.#tell()
  }

  /** Puts on the stage what is needed there, and takes away the rest. */
  #attach(): void {
    const { toolbox, isLive } = this.#options
    const { tool } = this.#hand
    this.#hand.colour = this.#colourNow
    if (!toolbox) return
    this.#drawings.show()
    this.#element.style.cursor = cursorOf(tool, this.#hand.colour)
    if (tool && isLive()) {
      if (!this.#element.isConnected) toolbox.layer.append(this.#element)
    } else if (this.#element.isConnected) {
      this.#surface.stop()
      this.#aim?.rest()
      this.#element.remove()
    }
  }

  /** Tools that are about one element show which one. A finger is on it only to press. */
  #point(event: PointerEvent): void {
    const { tool } = this.#hand
    if (event.pointerType === 'touch' || (tool !== 'element' && tool !== 'read_out')) return
    this.#aim?.to(this.#toPage(event), COLOURS[this.#hand.colour]!.value)
  }

  #makeActions() {
    const put = (draft: Draft<number>) => {
      this.#drawings.marks.put(this.#options.self(), draft)
      this.#say({ type: 'put', ...draft })
      this.#drawings.show()
      this.#tell()
    }
    return {
      put,
      extend: (id: number, points: number[]) => {
        this.#drawings.marks.extend(`${this.#options.self()}.${id}`, points)
        this.#say({ type: 'extend', id, points })
        this.#drawings.show()
      },
      erase: ({ author, id }: { author: ParticipantId; id: number }) => this.#say({ type: 'erase', author, id }),
      point: (tool: 'pointer' | 'laser', anchor: number, x: number, y: number) => {
        // Where somebody pointed a moment ago is worth nothing: it must not queue behind what is slow.
        const { colour } = this.#hand
        if (!this.#options.toolbox?.isBehind()) this.#say({ type: 'point', tool, colour, anchor, x, y })
        // The pointer is the cursor itself.
        if (tool === 'laser')
          this.#drawings.take({ type: 'point', author: this.#options.self(), tool, colour, anchor, x, y })
      },
      readOut: (anchor: number) => this.#say({ type: 'read_out', anchor }),
      write: (draft: Draft<number>, at: Point) => {
        // Who presses elsewhere is through with the text, and writes no other one.
        if (this.#words?.finish() && draft.tool === 'text') return
        const scale = this.#options.toolbox?.scale() ?? 1
        const place = { x: at.x * scale, y: at.y * scale }
        const colour = COLOURS[draft.colour]!.value
        this.#words?.ask(place, colour, this.#texts, (text) => put({ ...draft, text, done: true }))
      },
    }
  }

  #take(said: PageSays): void {
    if (this.#drawings.take(said)) return
    switch (said.type) {
      case 'steps':
        this.#steps = { undo: said.undo, redo: said.redo }
        return
      case 'read_out':
        return this.#options.toolbox?.emit('annotation_read_out', { done: said.done })
      case 'refused':
        return this.#refused(said.code)
    }
  }

  #refused(code: keyof typeof ERRORS): void {
    this.#drawings.forget()
    // The page says it whenever somebody comes or goes.
    if (!this.#allowed && !this.#hand.tool) return
    this.#allowed = false
    this.#use(undefined)
    const { name, text } = ERRORS[code]
    this.#options.toolbox?.emit('annotation_refused', { code, name, errorMsg: text })
  }

  #say(message: AgentSays): void {
    if (this.#options.isLive()) this.#options.toolbox?.sendFrame('annotation', encodeSaying(message))
  }

  #rest(): void {
    this.#say({ type: 'rest' })
    this.#drawings.take({ type: 'rest', author: this.#options.self() })
  }

  #forget(): void {
    this.#drawings.forget()
    this.#steps = { undo: 0, redo: 0 }
  }

  get #colourNow(): number {
    return this.#colour ?? colourOf(this.#options.self())
  }

  #state(): AnnotationState {
    return {
      tool: this.#hand.tool,
      colour: COLOURS[this.#colourNow]!.name,
      ...this.#steps,
      marks: this.#drawings.marks.all.size,
      allowed: this.#allowed,
    }
  }

  /** Says what stands now, if it stood otherwise before. */
  #tell(): void {
    const state = this.#state()
    const told = JSON.stringify(state)
    if (told === this.#told) return
    this.#told = told
    this.#options.toolbox?.emit('annotation_changed', state)
  }

  #toPage({ clientX, clientY }: MouseEvent): Point {
    const { toolbox } = this.#options
    const { left = 0, top = 0 } = toolbox?.layer.getBoundingClientRect() ?? {}
    const scale = toolbox?.scale() ?? 1
    return { x: (clientX - left) / scale, y: (clientY - top) / scale }
  }
}

function invalid(setting: string, expected: string): AlongsideError {
  return new AlongsideError(1103, `${setting}: expected one of ${expected}.`, { setting })
}
