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
      return problem && note('failed', 'warn', texts.failed, problem.errorMsg, context)
    case 'connecting':
      return busy('connecting', texts.connecting, cancel)
    case 'open':
      return drawOpen(state.session, context)
    case 'reconnecting':
      return busy(
        'reconnecting',
        texts.reconnecting,
        button('link', texts.end, () => actions.end()),
        texts.reconnectingText,
      )
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
  return session.pin ? drawPin(session, session.pin.pin, context) : busy('connecting', texts.connecting, cancel)
}

function drawPin(session: OpenSession, pin: string, { texts, actions, now, copy }: CardContext): Face {
  const left = remaining(session, now())
  const over = left <= 0
  const groups = groupDigits(pin)
  const code = element('div', `code${over ? ' over' : ''}${pin.length > 6 ? ' long' : ''}`)
  code.append(...groups.map((group) => element('span', '', group)))
  code.setAttribute('role', 'img')
  code.setAttribute('aria-label', [...pin].join(' '))
  const row = over ? [code] : [code, button('copy', texts.copy, () => copy(pin))]
  const time = element('span', 'time', over ? '' : texts.codeTime.replace('{time}', formatTime(left)))
  time.dataset.role = 'time'
  const cancel = button('link', texts.cancel, () => actions.end())
  return {
    key: `pin ${pin} ${over}`,
    status: over ? texts.codeOver : `${texts.codeTitle}: ${[...pin].join(' ')}`,
    content: [
      element('div', 'head', element('h2', 'title', texts.codeTitle), time),
      element('div', 'code-row', ...row),
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

function drawLive({ paused, pin }: OpenSession, agent: string, context: CardContext): Face {
  const { texts, actions } = context
  if (context.small) return drawSmall(paused, context)
  const title = paused ? [texts.pausedTitle] : sentence(texts.liveTitle, { agent })
  const smaller = button('icon', '–', () => context.resize(true))
  smaller.setAttribute('aria-label', texts.smaller)
  const dot = element('span', `dot ${paused ? 'warn' : 'live'}`)
  const content: Node[] = [element('div', 'head', dot, element('h2', 'title', ...title), smaller)]
  if (paused) content.push(element('p', 'text', ...sentence(texts.pausedText, { agent })))
  content.push(
    element(
      'div',
      'actions',
      button(paused ? 'primary' : '', paused ? texts.resume : texts.pause, () => actions.pause(!paused)),
      button('danger', texts.end, () => actions.end()),
    ),
    element('div', 'foot', ...inviteRow(pin?.pin, context)),
  )
  const status = (paused ? texts.pausedTitle : texts.liveTitle).replace('{agent}', agent)
  return { key: `live ${paused} ${pin?.pin} ${agent}`, status, content }
}

function drawSmall(paused: boolean, { texts, resize }: CardContext): Face {
  const name = paused ? texts.pausedShort : texts.liveShort
  const larger = button('pill', '', () => resize(false))
  larger.append(element('span', `dot ${paused ? 'warn' : 'live'}`), name)
  larger.setAttribute('aria-label', `${name}. ${texts.larger}`)
  return { key: `small ${paused}`, status: name, content: [larger] }
}

function inviteRow(pin: string | undefined, { texts, actions }: CardContext): Node[] {
  if (!pin) return [button('link', texts.invite, () => actions.newPin())]
  return [element('p', 'text', `${texts.codeTitle}: ${groupDigits(pin).join(' ')}`)]
}

function busy(key: string, title: string, stop?: Node, text?: string): Face {
  const head = element('div', 'head', element('span', 'dot busy'), element('h2', 'title', title))
  if (stop) head.append(stop)
  return { key, status: title, content: text ? [head, element('p', 'text', text)] : [head] }
}

function drawEnded(reason: string, problem: SessionError | undefined, context: CardContext): Face {
  const { texts } = context
  const why: Record<string, string> = { connection_lost: texts.endedLost, expired: texts.endedExpired }
  const text = reason === 'failed' && problem ? problem.errorMsg : (why[reason] ?? texts.endedText)
  return note(`ended ${reason}`, why[reason] || problem ? 'warn' : 'done', texts.ended, text, context)
}

function note(key: string, dot: string, title: string, text: string, { texts, dismiss }: CardContext): Face {
  return {
    key: `${key} ${text}`,
    status: `${title}. ${text}`,
    content: [
      element('div', 'head', element('span', `dot ${dot}`), element('h2', 'title', title)),
      element('p', 'text', text),
      element('div', 'actions', button('', texts.close, dismiss)),
    ],
  }
}
