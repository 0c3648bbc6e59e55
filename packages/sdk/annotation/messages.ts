import type { ErrorCode, ParticipantId } from '@alongside/protocol'
import { cleanText, isErrorCode } from '@alongside/protocol'
import { COLOURS, colourOf } from './colours.ts'
import {
  type Draft,
  MARK_TOOLS,
  MAX_POINTS,
  MAX_TEXT,
  type MarkTool,
  POINTING_TOOLS,
  type PointingTool,
} from './mark.ts'

/** A mark on the wire: its anchor is the number of an element. */
export type SaidMark = Draft<number>

/** What an agent says to the customer's page, as the payload of a frame `annotation`. */
export type AgentSays =
  /** Draws a mark, or draws it anew. Taken until `done`. */
  | ({ type: 'put' } & SaidMark)
  /** More points of a mark that is being drawn. */
  | { type: 'extend'; id: number; points: number[] }
  /** Takes a mark away, whoever drew it. */
  | { type: 'erase'; author: ParticipantId; id: number }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'clear'; whose: 'own' | 'all' }
  /** Points at a place of an element; only the newest one counts. */
  | { type: 'point'; tool: PointingTool; colour: number; anchor: number; x: number; y: number }
  /** Points no more. */
  | { type: 'rest' }
  /** Has the customer's screen reader say what an element is. Answered by `read_out`. */
  | { type: 'read_out'; anchor: number }
  /** Asks for everything that is on the page, because the copy began anew. */
  | { type: 'sync' }

/** What the customer's page says to an agent. */
export type PageSays =
  | ({ type: 'put'; author: ParticipantId } & SaidMark)
  | { type: 'extend'; author: ParticipantId; id: number; points: number[] }
  | { type: 'remove'; author: ParticipantId; id: number }
  /** Nothing is drawn; what follows is all there is. */
  | { type: 'reset' }
  | { type: 'point'; author: ParticipantId; tool: PointingTool; colour: number; anchor: number; x: number; y: number }
  | { type: 'rest'; author: ParticipantId }
  /** How many acts this agent can take back and do again. */
  | { type: 'steps'; undo: number; redo: number }
  | { type: 'read_out'; done: boolean }
  /** The page takes nothing from this agent. */
  | { type: 'refused'; code: ErrorCode }

/** Parts of a box may lie far outside of it: a stroke that began on a small element. */
const MAX_PART = 10_000

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export function encodeSaying(message: AgentSays | PageSays): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(message))
}

/** Reads what an agent said. Undefined for anything else: a newer agent may say more, and a hostile one whatever. */
export function readAgentSays(payload: Uint8Array): AgentSays | undefined {
  const said = parse(payload)
  switch (said?.type) {
    case 'put': {
      const mark = readMark(said)
      return mark && { type: 'put', ...mark }
    }
    case 'extend':
      return isNumber(said.id) && isPoints(said.points)
        ? { type: 'extend', id: said.id, points: said.points }
        : undefined
    case 'erase':
      return isNumber(said.author) && isNumber(said.id)
        ? { type: 'erase', author: said.author, id: said.id }
        : undefined
    case 'undo':
    case 'redo':
    case 'rest':
    case 'sync':
      return { type: said.type }
    case 'clear':
      return said.whose === 'own' || said.whose === 'all' ? { type: 'clear', whose: said.whose } : undefined
    case 'point': {
      const place = readPlace(said)
      return place && isColour(said.colour) ? { type: 'point', colour: said.colour, ...place } : undefined
    }
    case 'read_out':
      return isNumber(said.anchor) ? { type: 'read_out', anchor: said.anchor } : undefined
    default:
      return undefined
  }
}

/** Reads what the page said. The page may be the agent's enemy. */
export function readPageSays(payload: Uint8Array): PageSays | undefined {
  const said = parse(payload)
  const author = isNumber(said?.author) ? said.author : undefined
  switch (said?.type) {
    case 'put': {
      const mark = readMark(said)
      return mark && author !== undefined ? { type: 'put', author, ...mark } : undefined
    }
    case 'extend':
      return author !== undefined && isNumber(said.id) && isPoints(said.points)
        ? { type: 'extend', author, id: said.id, points: said.points }
        : undefined
    case 'remove':
      return author !== undefined && isNumber(said.id) ? { type: 'remove', author, id: said.id } : undefined
    case 'reset':
      return { type: 'reset' }
    case 'point': {
      const place = readPlace(said)
      if (!place || author === undefined) return undefined
      // Recordings of before agents chose it have none.
      const colour = isColour(said.colour) ? said.colour : colourOf(author)
      return { type: 'point', author, colour, ...place }
    }
    case 'rest':
      return author === undefined ? undefined : { type: 'rest', author }
    case 'steps':
      return isNumber(said.undo) && isNumber(said.redo)
        ? { type: 'steps', undo: said.undo, redo: said.redo }
        : undefined
    case 'read_out':
      return { type: 'read_out', done: said.done === true }
    case 'refused':
      return isErrorCode(said.code) ? { type: 'refused', code: said.code } : undefined
    default:
      return undefined
  }
}

type Said = Record<string, unknown>

function parse(payload: Uint8Array): Said | undefined {
  try {
    const said: unknown = JSON.parse(decoder.decode(payload))
    return typeof said === 'object' && said !== null ? (said as Said) : undefined
  } catch {
    return undefined
  }
}

function readMark({ id, tool, colour, anchor, points, text, done }: Said): SaidMark | undefined {
  if (!isNumber(id) || !isNumber(anchor) || !isColour(colour)) return undefined
  if (!isOneOf<MarkTool>(MARK_TOOLS, tool) || typeof text !== 'string' || text.length > MAX_TEXT) return undefined
  if (!isPoints(points) || points.length < (tool === 'element' ? 0 : 2)) return undefined
  return { id, tool, colour, anchor, points, text: cleanText(text), done: done === true }
}

function readPlace({ tool, anchor, x, y }: Said) {
  if (!isOneOf<PointingTool>(POINTING_TOOLS, tool) || !isNumber(anchor) || !isPart(x) || !isPart(y)) return undefined
  return { tool, anchor, x, y }
}

function isOneOf<Name extends string>(names: readonly Name[], value: unknown): value is Name {
  return (names as readonly unknown[]).includes(value)
}

/** Numbers of nodes, participants and marks: whole, and small enough for a 32-bit field. */
function isNumber(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32
}

function isColour(value: unknown): value is number {
  return isNumber(value) && value < COLOURS.length
}

function isPart(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_PART
}

function isPoints(value: unknown): value is number[] {
  return Array.isArray(value) && value.length % 2 === 0 && value.length <= MAX_POINTS * 2 && value.every(isPart)
}
