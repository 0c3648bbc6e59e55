import type { AssistType } from './messages.ts'

/** How long after it was sent an action may still be done: later it would hit another page than the agent saw. */
export const ACTION_LIFETIME_MS = 2_000

/** A place on an element: the number that the mirror gave it, and fractions of its border box, which may lie outside. */
export interface ActionPlace {
  node: number
  x: number
  y: number
}

/** The modifier keys of an action, added up. */
export const ACTION_KEYS = { ctrl: 1, shift: 2, alt: 4, meta: 8 } as const

/** What an agent does on the customer's page. `keys` are `ACTION_KEYS`; buttons count as `MouseEvent.button` does. */
export type Action =
  /** A turn of the wheel, in CSS pixels. */
  | { do: 'wheel'; at: ActionPlace; dx: number; dy: number }
  | { do: 'scroll_to'; node: number; left: number; top: number }
  | { do: 'move'; at: ActionPlace; keys: number }
  | { do: 'press'; at: ActionPlace; button: number; keys: number }
  | { do: 'release'; at: ActionPlace; button: number; keys: number }
  | { do: 'click'; at: ActionPlace; button: number; count: number; keys: number }
  | { do: 'drag'; from: ActionPlace; to: ActionPlace }
  /** Puts the focus into a field, where what follows is typed. */
  | { do: 'focus'; node: number }
  /** One key, pressed and let go. `key` and `code` are those of `KeyboardEvent`. */
  | { do: 'key'; key: string; code: string; keys: number }
  /** Text that no single key makes: pasted, or `composed` by an input method. */
  | { do: 'text'; text: string; composed: boolean }
  /** The value of a native control, or several of a list; `on` and `off` for a box or a radio button. */
  | { do: 'choose'; node: number; values: string[] }
  | { do: 'go'; to: 'back' | 'forward' | 'reload' }
  | { do: 'open'; url: string }

/** The kind of remote assist that an action needs. */
export const ACTION_TYPES: Record<Action['do'], AssistType> = {
  wheel: 'scroll_page',
  scroll_to: 'scroll_page',
  move: 'click',
  press: 'click',
  release: 'click',
  click: 'click',
  drag: 'click',
  focus: 'type',
  key: 'type',
  text: 'type',
  choose: 'select',
  go: 'navigate',
  open: 'navigate',
}

/** The payload of an `action` frame. */
export interface ActionFrame {
  /** Grows from action to action of an agent: one that does not is refused. */
  id: number
  /** Which page and capture the numbers of nodes belong to, as the page said. */
  page: number
  /** Until when it may be done, in ms by the page's clock. */
  until: number
  action: Action
}

/** What became of an action. `blocked`: the element or address is not to be operated, or it asked for a new window and the
 *  customer's browser opens none. `gone`: the element is not there
 *  any more, or has no size. `covered`: something else lies over it. `denied`: no live grant for it, too late, or not for
 *  the first time. */
export type ActionResult = 'done' | 'blocked' | 'gone' | 'covered' | 'masked' | 'denied'

/** The payload of a `result` frame. `clock` is the page's, in ms. */
export type ResultFrame =
  /** The page takes actions; their nodes are those of this page. */
  { page: number; clock: number } | { id: number; result: ActionResult; clock: number }
