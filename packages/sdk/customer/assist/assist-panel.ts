import type { AgentInfo, AssistType, ParticipantId } from '@alongside/protocol'
import { ASSIST_TEXTS, type AssistTexts } from '../panel/assist-texts.ts'
import { button, element, face, named, sentence } from '../panel/element.ts'
import { plainName } from '../panel/plain-name.ts'
import type { Texts } from '../panel/texts.ts'
import type { PartContext } from '../part.ts'

/** What each kind is called in the question. */
const KINDS: Record<AssistType, keyof AssistTexts> = {
  scroll_page: 'assistScroll',
  click: 'assistClick',
  type: 'assistType',
  select: 'assistSelect',
  navigate: 'assistNavigate',
}

/** What the customer sees of remote assist: the question, and who helps with a way to stop it. */
export class AssistPanel {
  readonly #context: PartContext
  readonly #onStop: () => void
  #asked: { participant: ParticipantId; drop: () => void } | undefined
  #removeCard: ((isOver: boolean) => void) | undefined
  #dropStop: (() => void) | undefined

  constructor(context: PartContext, onStop: () => void) {
    this.#context = context
    this.#onStop = onStop
  }

  /** Asks whether an agent may act on the page, in those ways. Asked a second time about the same agent, the question
   *  that is on the screen stays. */
  ask(agent: AgentInfo, types: AssistType[], answer: (granted: boolean) => void): void {
    if (this.#asked?.participant === agent.participant) return
    const { settings, panel } = this.#context
    const { participant, userId, userName } = agent
    const question = { participant, drop: () => {} }
    this.#asked = question
    const settle = (granted: boolean) => {
      if (this.#asked !== question) return
      this.#asked = undefined
      answer(granted)
    }
    const confirm =
      settings.confirmRemoteAssist ?? (settings.remoteAssist?.enableCustomerConsent === false ? () => true : undefined)
    if (!confirm) {
      question.drop = panel.ask({ agent, words: (texts) => askWords(agent, types, withAssist(texts)), answer: settle })
      return
    }
    Promise.resolve()
      .then(() => confirm({ userId, userName, types: [...types] }))
      .then(
        (granted) => settle(granted === true),
        () => settle(false),
      )
  }

  unask(participant: ParticipantId): void {
    if (this.#asked?.participant !== participant) return
    this.#asked.drop()
    this.#asked = undefined
  }

  /** Says who helps for as long as they do. */
  show(agent: AgentInfo): void {
    this.hide()
    const { panel } = this.#context
    const texts = withAssist(panel.texts)
    const title = element('h2', 'title', ...sentence(texts.assistHelping, { agent: [named(agent.userName)] }))
    const stop = button('danger', texts.assistStop, () => this.#stop(agent))
    const remove = panel.card(element('section', 'card', element('div', 'head', face(agent), title, stop)))
    panel.say(title.textContent)
    this.#removeCard = (isOver) => {
      remove()
      if (!isOver) panel.say(texts.assistHelped.replace('{agent}', () => plainName(agent.userName)))
    }
  }

  /** `isOver`: the session is, which the panel says. */
  hide(isOver = false): void {
    this.#removeCard?.(isOver)
    this.#removeCard = undefined
    this.#dropStop?.()
    this.#dropStop = undefined
  }

  close(): void {
    this.#asked?.drop()
    this.#asked = undefined
  }

  #stop(agent: AgentInfo): void {
    const { settings, panel } = this.#context
    if (!settings.remoteAssist?.requireStopConfirmation) return this.#onStop()
    this.#dropStop ??= panel.ask({
      agent,
      words: (spoken) => {
        const texts = withAssist(spoken)
        return {
          title: sentence(texts.assistStopTitle, { agent: [named(agent.userName)] }),
          text: texts.assistStopText,
          yes: texts.assistStop,
          no: texts.assistGoOn,
        }
      },
      answer: (stopped) => {
        this.#dropStop = undefined
        if (stopped) this.#onStop()
      },
    })
  }
}

/** English where the language of the panel has no word for it. */
function withAssist(texts: Texts): Texts & AssistTexts {
  return { ...ASSIST_TEXTS, ...texts }
}

function askWords(agent: AgentInfo, types: AssistType[], texts: Texts & AssistTexts) {
  const kinds = types.map((type) => texts[KINDS[type]]).join(', ')
  return {
    title: sentence(texts.assistTitle, { agent: [named(agent.userName)] }),
    text: `${texts.assistText} ${kinds}. ${texts.assistHidden}`,
    yes: texts.allow,
    no: texts.deny,
  }
}
