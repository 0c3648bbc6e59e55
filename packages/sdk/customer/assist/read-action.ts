import { ACTION_TYPES, type Action, type ActionFrame } from '@alongside/protocol'

type Check = (value: unknown) => boolean

const MAX_TEXT = 16_000
const MAX_VALUES = 200

const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const isText: Check = (value) => typeof value === 'string' && value.length <= MAX_TEXT
const isKey: Check = (value) => typeof value === 'string' && value.length > 0 && value.length <= 32
const isCode: Check = (value) => typeof value === 'string' && value.length <= 32
const isKeys: Check = (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 16
const isButton: Check = (value) => value === 0 || value === 1 || value === 2
const isPlace: Check = (value) => {
  const { node, x, y } = (value ?? {}) as Record<string, unknown>
  return isNumber(node) && isNumber(x) && isNumber(y)
}
const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value)

/** What each action holds. */
const FIELDS: { [Do in Action['do']]: Record<Exclude<keyof Extract<Action, { do: Do }>, 'do'>, Check> } = {
  wheel: { at: isPlace, dx: isNumber, dy: isNumber },
  scroll_to: { node: isNumber, left: isNumber, top: isNumber },
  move: { at: isPlace, keys: isKeys },
  press: { at: isPlace, button: isButton, keys: isKeys },
  release: { at: isPlace, button: isButton, keys: isKeys },
  click: { at: isPlace, button: isButton, count: oneOf(1, 2, 3), keys: isKeys },
  drag: { from: isPlace, to: isPlace },
  focus: { node: isNumber },
  key: { key: isKey, code: isCode, keys: isKeys },
  text: { text: isText, composed: oneOf(true, false) },
  choose: {
    node: isNumber,
    values: (value) => Array.isArray(value) && value.length <= MAX_VALUES && value.every(isText),
  },
  go: { to: oneOf('back', 'forward', 'reload') },
  open: { url: isText },
}

/** Reads what an agent sent. Undefined for anything that is no action: it has no number to answer by. */
export function readAction(payload: Uint8Array): ActionFrame | undefined {
  try {
    const frame = JSON.parse(new TextDecoder().decode(payload)) as ActionFrame
    const { id, page, until, action } = frame
    if (![id, page, until].every(isNumber) || !Object.hasOwn(ACTION_TYPES, action.do)) return undefined
    const fields = Object.entries(FIELDS[action.do]) as [string, Check][]
    return fields.every(([name, check]) => check((action as Record<string, unknown>)[name])) ? frame : undefined
  } catch {
    return undefined
  }
}
