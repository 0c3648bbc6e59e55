import { pageDocument } from '../page-document.ts'
import type { OpenSession, SeatedAgent } from '../session-state.ts'
import type { CardContext, Face } from './card.ts'
import { codeRow, readOut, remaining, timeOf } from './code.ts'
import { button, element, face, named, sentence } from './element.ts'

/** The card while agents see the page, or would without the customer's pause. */
export function drawLive(session: OpenSession, agents: SeatedAgent[], context: CardContext): Face {
  const { texts, actions, drawing } = context
  const { paused } = session
  const recorded = session.settings.recording === 'on'
  const names = `${paused} ${recorded} ${agents.map(({ participant, userName, lost }) => participant + userName + lost)}`
  const agent = list(agents, context)
  const title = element('h2', 'title', ...(paused ? [texts.pausedTitle] : sentence(texts.liveTitle, { agent })))
  const sharing = recorded ? `${title.textContent}. ${texts.recorded}` : title.textContent
  if (context.small) return drawSmall(names, sharing, paused, recorded, agents, context)
  const content: Node[] = [element('div', 'head', dot(paused), title, ...icons(context))]
  if (paused) content.push(element('p', 'text', ...sentence(texts.pausedText, { agent })))
  if (recorded) content.push(element('p', 'recorded', texts.recorded))
  const buttons = [button(paused ? 'primary' : '', paused ? texts.resume : texts.pause, () => actions.pause(!paused))]
  if (drawing !== undefined && !paused) {
    const draw = button('', texts.draw, () => actions.draw(!drawing))
    draw.ariaPressed = `${drawing}`
    buttons.push(draw)
  }
  if (!paused) buttons.push(button('', texts.preview, () => actions.preview()))
  buttons.push(button('danger', texts.end, () => actions.end()))
  content.push(element('div', 'actions', ...buttons))
  const left = remaining(session)
  const pin = left > 0 && session.pin?.pin !== context.putAway ? session.pin?.pin : undefined
  if (pin) content.push(codeRow(pin, false, context), element('p', 'text', texts.inviteHint))
  const invite = button('link', pin ? texts.inviteDone : texts.invite, () => context.invite(!pin))
  content.push(element('div', 'foot', ...(pin ? [timeOf(left, context)] : []), invite))
  const status = pin ? `${sharing}. ${readOut(pin, texts)}` : sharing
  return { key: `live ${names} ${pin} ${drawing}`, status, content }
}

function drawSmall(
  names: string,
  status: string,
  paused: boolean,
  recorded: boolean,
  agents: SeatedAgent[],
  context: CardContext,
): Face {
  const { texts } = context
  const short = paused ? texts.pausedShort : texts.liveShort
  const name = recorded ? `${short} · ${texts.recordedShort}` : short
  const larger = button('pill resize', '', () => context.resize(false))
  larger.append(dot(paused), name, ...agents.map(face))
  larger.ariaLabel = `${name}. ${texts.larger}`
  return { key: `small ${names}`, status, content: [larger] }
}

function dot(paused: boolean): HTMLElement {
  return element('span', `dot ${paused ? 'warn' : 'live'}`)
}

function icons(context: CardContext): HTMLElement[] {
  const moving = button('icon', '⇄', () => context.move())
  moving.ariaLabel = context.texts.move
  const smaller = button('icon resize', '–', () => context.resize(true))
  smaller.ariaLabel = context.texts.smaller
  return [moving, smaller]
}

/** The agents' names as the language lists them, each with its colour. */
function list(agents: SeatedAgent[], { language, texts }: CardContext): Node[] {
  const parts = new Intl.ListFormat(language).formatToParts(agents.map((_, index) => `${index}`))
  return parts.map(({ type, value }) => {
    const agent = type === 'element' && agents[Number(value)]
    return agent
      ? element('span', 'agent', face(agent), named(agent.userName), agent.lost ? ` ${texts.agentLost}` : '')
      : pageDocument.createTextNode(value)
  })
}
