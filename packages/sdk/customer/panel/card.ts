import type { SessionError } from '../../connection/answer.ts'
import type { OpenSession, SessionState } from '../session-state.ts'
import { codeRow, readOut, remaining, timeOf } from './code.ts'
import { button, element } from './element.ts'
import { drawLive } from './live-card.ts'
import type { PanelActions } from './session-view.ts'
import type { Texts } from './texts.ts'

/** What one face of the card is made of. `key` stays the same as long as it need not be drawn again. */
export interface Face {
  key: string
  /** What a screen reader says when it appears. */
  status: string
  content: Node[]
}

export interface CardContext {
  readonly texts: Texts
  /** Of the texts. */
  readonly language: string
  readonly actions: PanelActions
  copy(pin: string): unknown
  /** Whether the card of a live session is a small one. */
  readonly small: boolean
  resize(small: boolean): void
  /** Takes the card to the next corner. */
  move(): void
  /** Whether the customer draws; undefined where that is not allowed. */
  readonly drawing: boolean | undefined
  /** A further agent's PIN that the customer has put away. */
  readonly putAway: string | undefined
  /** Shows a PIN for a further agent, or puts it away. One that is still good is shown again: a new one would void it. */
  invite(shown: boolean): void
  dismiss(): void
}

/** The card's face for a state; undefined when there is nothing to say. */
export function drawFace(
  state: SessionState,
  problem: SessionError | undefined,
  context: CardContext,
): Face | undefined {
  const { texts, actions } = context
  const cancel = button('link', texts.cancel, () => actions.end())
  switch (state.name) {
    case 'idle':
      return (
        problem && note('failed', 'warn', texts.failed, texts.failedText ?? problem.errorMsg, context, problem.code)
      )
    case 'connecting':
      return busy('connecting', texts.connecting, cancel)
    case 'open':
      return drawOpen(state.session, context)
    case 'reconnecting':
      return busy(
        `reconnecting ${state.anew}`,
        state.anew ? texts.returning : texts.reconnecting,
        button('link', texts.end, () => actions.end()),
        state.anew ? undefined : texts.reconnectingText,
      )
    case 'away':
      return {
        key: 'away',
        status: `${texts.away}. ${texts.awayText}`,
        content: [
          element('div', 'head', element('span', 'dot'), element('h2', 'title', texts.away)),
          element('p', 'text', texts.awayText),
        ],
      }
    case 'ending':
      return busy('ending', texts.ending)
    case 'ended':
      return drawEnded(state.reason, problem, context)
  }
}

function drawOpen(session: OpenSession, context: CardContext): Face {
  const { texts, actions } = context
  const cancel = button('link', texts.cancel, () => actions.end())
  const agents = [...session.agents.values()]
  const live = agents.filter(({ standing }) => standing === 'live')
  if (live.length) return drawLive(session, live, context)
  if (agents.some(({ standing }) => standing === 'asked')) return busy('asked', texts.asked, cancel)
  if (agents.length) return busy('joining', texts.joining, cancel)
  if (session.pin) return drawPin(session, session.pin.pin, context)
  return session.met ? drawAlone(context) : busy('connecting', texts.connecting, cancel)
}

function drawPin(session: OpenSession, pin: string, context: CardContext): Face {
  const { texts, actions } = context
  const left = remaining(session)
  const over = left <= 0
  const foot = over
    ? element(
        'div',
        'actions',
        button('', texts.cancel, () => actions.end()),
        button('primary', texts.newCode, () => actions.newPin()),
      )
    : element(
        'div',
        'foot',
        button('link', texts.cancel, () => actions.end()),
      )
  return {
    key: `pin ${pin} ${over}`,
    status: over ? texts.codeOver : readOut(pin, texts),
    content: [
      element('div', 'head', element('h2', 'title', texts.codeTitle), ...(over ? [] : [timeOf(left, context)])),
      codeRow(pin, over, context),
      element('p', 'text', over ? texts.codeOver : texts.codeHint),
      foot,
    ],
  }
}

/** The last agent left: the next code is made when the customer wants one. */
function drawAlone({ texts, actions }: CardContext): Face {
  const head = element('div', 'head', element('span', 'dot'), element('h2', 'title', texts.aloneTitle))
  const end = button('', texts.end, () => actions.end())
  const again = button('primary', texts.newCode, () => actions.newPin())
  return {
    key: 'alone',
    status: `${texts.aloneTitle}. ${texts.aloneText}`,
    content: [head, element('p', 'text', texts.aloneText), element('div', 'actions', end, again)],
  }
}

function busy(key: string, title: string, stop?: Node, text?: string): Face {
  const head = element('div', 'head', element('span', 'dot busy'), element('h2', 'title', title))
  if (stop) head.append(stop)
  return { key, status: title, content: text ? [head, element('p', 'text', text)] : [head] }
}

function drawEnded(reason: string, problem: SessionError | undefined, context: CardContext): Face {
  const { texts } = context
  const why: Record<string, string> = {
    connection_lost: texts.endedLost,
    expired: texts.endedExpired,
  }
  const text =
    reason === 'failed' && problem ? (texts.failedText ?? problem.errorMsg) : (why[reason] ?? texts.endedText)
  const failure = reason === 'failed' || reason === 'connection_lost' ? problem : undefined
  return note(`ended ${reason}`, why[reason] || failure ? 'warn' : 'done', texts.ended, text, context, failure?.code)
}

function note(key: string, dot: string, title: string, text: string, context: CardContext, code?: number): Face {
  const number = code === undefined ? [] : [element('p', 'time', context.texts.errorCode.replace('{code}', `${code}`))]
  return {
    key: `${key} ${text}`,
    status: `${title}. ${text}`,
    content: [
      element('div', 'head', element('span', `dot ${dot}`), element('h2', 'title', title)),
      element('p', 'text', text),
      ...number,
      element(
        'div',
        'actions',
        button('', context.texts.close, () => context.dismiss()),
      ),
    ],
  }
}
