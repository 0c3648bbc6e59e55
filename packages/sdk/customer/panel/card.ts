import type { SessionError } from '../../connection/answer.ts'
import type { OpenSession, SessionState } from '../session-state.ts'
import { button, element, sentence } from './element.ts'
import { formatTime, groupDigits } from './pin-format.ts'
import { plainName } from './plain-name.ts'
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
  texts: Texts
  actions: PanelActions
  /** Milliseconds since the epoch, by our clock. */
  now(): number
  copy(pin: string): void
  /** Whether the card of a live session is a small one. */
  small: boolean
  resize(small: boolean): void
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
      return problem && note('failed', 'warn', texts.failed, problem.errorMsg, context, problem.code)
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

/** How long a PIN is still good for, in ms; negative when it is over. */
export function remaining({ pin, skew }: OpenSession, now: number): number {
  return (pin?.expiresAt ?? 0) - now - skew
}

function drawOpen(session: OpenSession, context: CardContext): Face {
  const { texts, actions } = context
  const cancel = button('link', texts.cancel, () => actions.end())
  const agents = [...session.agents.values()]
  const live = agents.filter(({ standing }) => standing === 'live')
  if (live.length) return drawLive(session, live.map(({ userName }) => plainName(userName)).join(', '), context)
  if (agents.some(({ standing }) => standing === 'asked')) return busy('asked', texts.asked, cancel)
  if (agents.length) return busy('joining', texts.joining, cancel)
  if (session.pin) return drawPin(session, session.pin.pin, context)
  return session.met ? drawAlone(context) : busy('connecting', texts.connecting, cancel)
}

function drawPin(session: OpenSession, pin: string, context: CardContext): Face {
  const { texts, actions } = context
  const left = remaining(session, context.now())
  const over = left <= 0
  const cancel = button('link', texts.cancel, () => actions.end())
  return {
    key: `pin ${pin} ${over}`,
    status: over ? texts.codeOver : readOut(pin, texts),
    content: [
      element('div', 'head', element('h2', 'title', texts.codeTitle), ...(over ? [] : [timeOf(left, texts)])),
      codeRow(pin, over, context),
      element('p', 'text', over ? texts.codeOver : texts.codeHint),
      over
        ? element(
            'div',
            'actions',
            button('', texts.cancel, () => actions.end()),
            button('primary', texts.newCode, () => actions.newPin()),
          )
        : element('div', 'foot', cancel),
    ],
  }
}

function readOut(pin: string, texts: Texts): string {
  return `${texts.codeTitle}: ${[...pin].join(' ')}`
}

function timeOf(left: number, texts: Texts): HTMLElement {
  const time = element('span', 'time', texts.codeTime.replace('{time}', formatTime(left)))
  time.dataset.role = 'time'
  return time
}

function codeRow(pin: string, over: boolean, { texts, copy }: CardContext): HTMLElement {
  const code = element('div', `code${over ? ' over' : ''}${pin.length > 6 ? ' long' : ''}`)
  code.append(...groupDigits(pin).map((group) => element('span', '', group)))
  code.setAttribute('role', 'img')
  code.setAttribute('aria-label', [...pin].join(' '))
  return element('div', 'code-row', code, ...(over ? [] : [button('copy', texts.copy, () => copy(pin))]))
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

function drawLive(session: OpenSession, agent: string, context: CardContext): Face {
  const { texts, actions } = context
  const { paused } = session
  const recorded = session.settings.recording === 'on'
  if (context.small) return drawSmall(paused, recorded, context)
  const title = paused ? [texts.pausedTitle] : sentence(texts.liveTitle, { agent })
  const smaller = button('icon', '–', () => context.resize(true))
  smaller.setAttribute('aria-label', texts.smaller)
  const dot = element('span', `dot ${paused ? 'warn' : 'live'}`)
  const content: Node[] = [element('div', 'head', dot, element('h2', 'title', ...title), smaller)]
  if (paused) content.push(element('p', 'text', ...sentence(texts.pausedText, { agent })))
  if (recorded) content.push(element('p', 'recorded', texts.recorded))
  content.push(
    element(
      'div',
      'actions',
      button(paused ? 'primary' : '', paused ? texts.resume : texts.pause, () => actions.pause(!paused)),
      button('danger', texts.end, () => actions.end()),
    ),
  )
  const left = remaining(session, context.now())
  const pin = left > 0 ? session.pin?.pin : undefined
  if (pin) content.push(codeRow(pin, false, context), timeOf(left, texts))
  else
    content.push(
      element(
        'div',
        'foot',
        button('link', texts.invite, () => actions.newPin()),
      ),
    )
  const sharing = (paused ? texts.pausedTitle : texts.liveTitle).replace('{agent}', agent)
  const status = pin ? readOut(pin, texts) : recorded ? `${sharing}. ${texts.recorded}` : sharing
  return { key: `live ${paused} ${pin} ${agent} ${recorded}`, status, content }
}

function drawSmall(paused: boolean, recorded: boolean, { texts, resize }: CardContext): Face {
  const short = paused ? texts.pausedShort : texts.liveShort
  const name = recorded ? `${short} · ${texts.recordedShort}` : short
  const larger = button('pill', '', () => resize(false))
  larger.append(element('span', `dot ${paused ? 'warn' : 'live'}`), name)
  larger.setAttribute('aria-label', `${name}. ${texts.larger}`)
  return { key: `small ${paused} ${recorded}`, status: name, content: [larger] }
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
  const text = reason === 'failed' && problem ? problem.errorMsg : (why[reason] ?? texts.endedText)
  const failure = reason === 'failed' || reason === 'connection_lost' ? problem : undefined
  return note(`ended ${reason}`, why[reason] || failure ? 'warn' : 'done', texts.ended, text, context, failure?.code)
}

function note(
  key: string,
  dot: string,
  title: string,
  text: string,
  { texts, dismiss }: CardContext,
  code?: number,
): Face {
  const number = code === undefined ? [] : [element('p', 'time', texts.errorCode.replace('{code}', `${code}`))]
  return {
    key: `${key} ${text}`,
    status: `${title}. ${text}`,
    content: [
      element('div', 'head', element('span', `dot ${dot}`), element('h2', 'title', title)),
      element('p', 'text', text),
      ...number,
      element('div', 'actions', button('', texts.close, dismiss)),
    ],
  }
}
