/// <reference path="../../annotation/inline-worker.d.ts" />
import { CUSTOMER_ID, type ParticipantId } from '@alongside/protocol'
import { Anchors } from '../../annotation/anchors.ts'
import type { Board } from '../../annotation/board.ts'
import { colourOf } from '../../annotation/colours.ts'
import { Hand } from '../../annotation/hand.ts'
import type { AnnotationTool, Mark } from '../../annotation/mark.ts'
import PaintingWorker from '../../annotation/painting-worker.ts?worker&inline'
import { Picture } from '../../annotation/picture.ts'
import { Places } from '../../annotation/places.ts'
import type { Pointing } from '../../annotation/pointing.ts'
import type { PartContext } from '../part.ts'
import { DRAW_TEXTS } from './draw-texts.ts'
import { DrawingFrame } from './drawing-frame.ts'
import { coverOf, makeRoom } from './make-room.ts'
import { Speaker } from './speaker.ts'
import { TOOL_BAR_STYLE, ToolBar } from './tool-bar.ts'

/** How often our layer is put back in a session when the page takes it out: one that insists shall have its way. */
const MAX_RETURNS = 20

/** How long a screen reader is given to say what was read out. */
const SPEAKING_MS = 15_000

/** A live region says what is new in it, not what it came with. */
const BEFORE_SPEAKING_MS = 150

/** How often the panel makes room, and how long it stays where the customer's pointer moved over it: whoever wants to
 *  stop an agent must be able to reach it. */
const MOVE_MS = 10_000
const BUSY_MS = 3_000

interface PageLayerOptions {
  context: PartContext
  board: Board<Element>
  pointings: ReadonlyMap<ParticipantId, Pointing<Element>>
  /** The customer drew. */
  onChange(): void
}

/** What of annotation is on the customer's page: the picture above everything, and while the customer draws, what takes
 *  the pointer. Nothing is there, and nothing runs, while nothing is drawn. */
export class PageLayer {
  readonly #options: PageLayerOptions
  readonly #picture: Picture<Element>
  readonly #hand: Hand<Element>
  readonly #frame: DrawingFrame
  readonly #toolBar: ToolBar
  readonly #speaker = new Speaker()
  readonly #places = new Places(() => document)
  #layer: ReturnType<PartContext['layer']> | undefined
  #returns = 0
  /** When the panel may make room again. */
  #roomAt = 0
  #isSpeaking = false

  constructor(options: PageLayerOptions) {
    this.#options = options
    this.#picture = this.#makePicture()
    this.#hand = this.#makeHand()
    this.#frame = new DrawingFrame(this.#hand, () => this.draw(false))
    const { context, board, onChange } = options
    context.panel.host.addEventListener('pointermove', this.#keepPanel)
    this.#toolBar = new ToolBar(
      { ...DRAW_TEXTS, ...context.panel.texts },
      {
        use: (tool) => this.draw(true, tool),
        act: (act) => {
          if (act === 'clear') board.clear(CUSTOMER_ID, 'own')
          else board[act](CUSTOMER_ID)
          onChange()
        },
        done: () => this.draw(false),
      },
    )
  }

  /** Something changed: what there is to see is shown. */
  show(): void {
    const { board, pointings } = this.#options
    const isEmpty = board.marks.all.size === 0 && pointings.size === 0
    if (isEmpty && !this.#frame.isOpen && !this.#isSpeaking) return this.#leave()
    this.#enter()
    this.#picture.wake()
  }

  draw(on: boolean, tool: AnnotationTool = 'pen'): void {
    const { panel } = this.#options.context
    if (on) {
      this.#hand.tool = tool
      const { root } = this.#enter()
      this.#frame.open(root)
      root.append(this.#toolBar.element)
      this.#toolBar.show(tool)
    } else {
      this.#frame.close()
      this.#toolBar.element.remove()
    }
    if (panel.drawing !== undefined && panel.drawing !== on) panel.drawing = on
    this.show()
  }

  /** Takes the panel from what an agent has drawn: the agent, who does not see the panel, would not know. */
  uncover(mark: Mark<Element>): void {
    const { clock, panel } = this.#options.context
    this.#places.forget()
    const place = this.#places.of(mark.anchor)
    if (!place || clock.now() < this.#roomAt || panel.host.matches(':focus-within')) return
    if (makeRoom(panel.host, coverOf(mark, place.box))) this.#roomAt = clock.now() + MOVE_MS
  }

  /** Has a screen reader say a text. */
  say(text: string): void {
    const { clock } = this.#options.context
    this.#isSpeaking = true
    this.#enter()
    clock.after(BEFORE_SPEAKING_MS, () => this.#speaker.say(text))
    clock.after(SPEAKING_MS, () => {
      this.#isSpeaking = false
      // Nothing is left where the session is over.
      if (this.#layer) this.show()
    })
  }

  close(): void {
    this.#options.context.panel.host.removeEventListener('pointermove', this.#keepPanel)
    if (this.#frame.isOpen) this.draw(false)
    this.#leave()
  }

  readonly #keepPanel = (): void => {
    this.#roomAt = Math.max(this.#roomAt, this.#options.context.clock.now() + BUSY_MS)
  }

  #enter(): { root: ShadowRoot } {
    if (this.#layer) return this.#layer
    const layer = this.#options.context.layer()
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(TOOL_BAR_STYLE)
    layer.root.adoptedStyleSheets.push(sheet)
    layer.root.append(this.#picture.host, this.#speaker.element)
    this.#layer = layer
    return layer
  }

  #leave(): void {
    this.#picture.close()
    this.#layer?.remove()
    this.#layer = undefined
  }

  /** A page may take away what it did not make. */
  #stay(): void {
    const layer = this.#layer
    if (!layer || layer.root.host.isConnected || this.#returns >= MAX_RETURNS) return
    this.#returns++
    const isDrawing = this.#frame.isOpen
    if (isDrawing) this.#frame.close()
    layer.remove()
    this.#layer = undefined
    this.#enter()
    if (isDrawing) this.draw(true, this.#hand.tool)
  }

  #makePicture(): Picture<Element> {
    const { board, pointings } = this.#options
    return new Picture<Element>({
      marks: board.marks,
      pointings,
      places: this.#places,
      find: (element) => element,
      transform: undoRoot,
      onFrame: () => this.#stay(),
      startWorker: () => new PaintingWorker(),
    })
  }

  #makeHand(): Hand<Element> {
    const { board, onChange } = this.#options
    const places = new Places(() => document)
    const isOurs = (element: Element) => element === this.#layer?.root.host
    const hand = new Hand<Element>({
      anchors: new Anchors({ outermost: () => document, places, isKnown: (element) => !isOurs(element), isOurs }),
      places,
      marks: board.marks,
      find: (element) => element,
      anchorOf: (element) => element,
      actions: {
        put: (draft) => {
          board.put(CUSTOMER_ID, draft)
          onChange()
        },
        extend: (id, points) => {
          board.extend(CUSTOMER_ID, id, points)
          onChange()
        },
        erase: ({ key }) => {
          board.erase(CUSTOMER_ID, key)
          onChange()
        },
        // The customer has no tools for these.
        point() {},
        readOut() {},
        write() {},
      },
    })
    hand.colour = colourOf(CUSTOMER_ID)
    return hand
  }
}

/** Takes back what the page does to its root, and so to what lies over it. */
function undoRoot(probe: Element): string {
  const { left, top, width } = probe.getBoundingClientRect()
  const scale = width / 100 || 1
  return scale === 1 && !left && !top ? '' : `scale(${1 / scale}) translate(${-left}px, ${-top}px)`
}
