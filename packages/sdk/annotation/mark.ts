import type { ParticipantId } from '@alongside/protocol'

/** Tools that leave something on the page. */
export const MARK_TOOLS = ['pen', 'vanishing_pen', 'highlighter', 'rectangle', 'arrow', 'element', 'text'] as const
export type MarkTool = (typeof MARK_TOOLS)[number]

/** Tools that show where their owner points, and leave nothing. */
export const POINTING_TOOLS = ['pointer', 'laser'] as const
export type PointingTool = (typeof POINTING_TOOLS)[number]

/** What can be taken in hand. `element` outlines what is under the cursor; `eraser` takes whole strokes away;
 *  `read_out` has the customer's screen reader say what an element is. */
export const ANNOTATION_TOOLS = [...POINTING_TOOLS, ...MARK_TOOLS, 'eraser', 'read_out'] as const
export type AnnotationTool = (typeof ANNOTATION_TOOLS)[number]

/** How long what the vanishing pen has drawn stays. */
export const VANISH_MS = 4_000

/** Points of one stroke; a longer one is thinned. At a hand's usual 60 points a second that is half a minute. */
export const MAX_POINTS = 2_000

/** Marks on a page; the oldest gives way to the next one. */
export const MAX_MARKS = 300

/** Points of all marks together: what a page can draw anew within a blink when it is laid out otherwise. */
export const MAX_ALL_POINTS = 60_000

/** Characters of a text or a note. */
export const MAX_TEXT = 280

/** Steps that each participant can take back. */
export const MAX_STEPS = 100

/** What an author draws: a mark as it is said, before anybody has it. `Anchor` is the element that it belongs to: a node's
 *  number on the wire and at the agent, the element itself in the customer's page. */
export interface Draft<Anchor> {
  /** What its author calls it. */
  id: number
  tool: MarkTool
  /** Index in `COLOURS`. */
  colour: number
  anchor: Anchor
  /** Pairs x, y as parts of the anchor's box: 0, 0 is its top left and 1, 1 its bottom right corner. A rectangle has two
   *  opposite corners, an arrow its tail and its tip, a text its place, an outlined element none. */
  points: number[]
  /** Of `text`, and the note of `element`. */
  text: string
  /** Whether its author is through with it. */
  done: boolean
}

/** A mark on the page. */
export interface Mark<Anchor> extends Draft<Anchor> {
  key: string
  author: ParticipantId
  /** Another one whenever more than its last points changed. */
  revision: number
}

/** One name for a mark among those of all authors. */
export function markKey(author: ParticipantId, id: number): string {
  return `${author}.${id}`
}
