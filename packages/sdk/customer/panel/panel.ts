import type { ParticipantId } from '@alongside/protocol'
import type { SessionError } from '../../connection/answer.ts'
import { browserClock, type Clock } from '../../connection/clock.ts'
import { pageDocument } from '../page-document.ts'
import type { Load } from '../part.ts'
import { sessionFeatures } from '../session-features.ts'
import type { SessionState } from '../session-state.ts'
import type { CustomerSettings } from '../settings.ts'
import { type CardContext, drawFace } from './card.ts'
import { remaining } from './code.ts'
import { CORNERS } from './corners.ts'
import { element, named, sentence } from './element.ts'
import { chooseLanguage } from './language.ts'
import { formatTime } from './pin-format.ts'
import { plainName } from './plain-name.ts'
import { type Question, Questions } from './questions.ts'
import type { Asking, PanelActions, SessionView } from './session-view.ts'
import { LAYER_STYLE, PANEL_STYLE } from './style.ts'
import { TEXTS, type Texts } from './texts.ts'
import { TopLayer } from './top-layer.ts'

/** How often the remaining time is drawn and the panel's place checked. */
const TICK_MS = 1_000

/** How long the last word about an ended session stays. */
const ENDED_MS = 12_000

/** A start or join while a session is under way, active or ending. */
const AT_THE_WRONG_TIME = new Set<number>([1002, 1004, 1017])

/** The panel that said something last: a page can make several sessions, one after the other. */
let latest: Panel | undefined

/** The built-in panel: one element at the end of the page, closed to the page's scripts and styles. */
export class Panel implements SessionView, CardContext {
  readonly nodes: Set<Node>
  readonly actions: PanelActions
  texts: Texts
  language = 'en'
  putAway: string | undefined
  readonly host = pageDocument.createElement('div')
  readonly #theme: HTMLElement
  readonly #card = element('section', 'card')
  readonly #status = element('div', 'hidden')
  readonly #topLayer: TopLayer
  readonly #questions: Questions
  readonly #settings: CustomerSettings
  readonly #clock: Clock
  /** Takes back the questions whether an agent may look. */
  readonly #asked = new Map<ParticipantId, () => void>()
  #state: SessionState = { name: 'idle' }
  #problem: SessionError | undefined
  #key = ''
  #dismissed = false
  #small: boolean | undefined
  #drawing = false
  #stopTicking: (() => void) | undefined

  constructor(settings: CustomerSettings, actions: PanelActions, load: Load, clock: Clock = browserClock) {
    const { position = CORNERS[0]!, language = '', texts } = settings.ui || {}
    this.#settings = settings
    this.actions = actions
    this.#clock = clock
    this.texts = { ...TEXTS, ...texts }
    this.nodes = new Set([this.host])
    this.host.dataset.alongside = 'panel'
    this.host.dataset.position = position
    this.#theme = element('div', 'theme', this.#card, this.#status)
    this.#card.tabIndex = -1
    this.#status.role = 'status'
    this.#questions = new Questions(this.#theme, () => this.texts, clock)
    this.#topLayer = new TopLayer(() => this.#questions.raise())
    this.#fillRoot()
    // A page that brings texts in a language knows which one they are in.
    const own = texts && language
    this.#speak(own || 'en')
    const chosen = chooseLanguage(own ? [own] : [language, pageDocument.documentElement.lang, ...navigator.languages])
    if (chosen !== 'en')
      load(`texts-${chosen}`).then(
        (module) => {
          this.texts = { ...TEXTS, ...module.TEXTS, ...texts }
          this.language = chosen
          this.#speak(own || chosen)
        },
        // English is better than a question that nobody sees.
        () => {},
      )
  }

  show(state: SessionState): void {
    if (state.name !== this.#state.name) this.#dismissed = false
    this.#state = state
    if (state.name === 'ended') this.#dismissLater(state)
    this.#draw()
  }

  askAbout(agent: Asking): void {
    const { participant, userName, company, recorded, invitedBy, watchOnly } = agent
    const drop = this.ask({
      agent,
      words: (texts) => ({
        title: sentence(company === undefined ? texts.askTitle : texts.askTitleCompany, {
          agent: [named(userName)],
          company: [named(company ?? '')],
        }),
        text: [
          texts.askText,
          ...(invitedBy === undefined
            ? []
            : [texts.askInvited.replace('{agent}', () => `\u2068${plainName(invitedBy)}\u2069`)]),
          ...(watchOnly ? [texts.askWatch] : []),
          texts.askStop,
        ].join(' '),
        note: recorded ? texts.recorded : '',
        yes: texts.allow,
        no: texts.deny,
      }),
      answer: (granted) => this.actions.answer(participant, granted),
    })
    this.#asked.set(participant, drop)
  }

  unask(participant: ParticipantId): void {
    this.#asked.get(participant)?.()
    this.#asked.delete(participant)
  }

  unaskAll(): void {
    this.#asked.clear()
    this.#questions.dropAll()
  }

  ask(question: Question): () => void {
    this.#topLayer.attach(this.host)
    const drop = this.#questions.ask(question)
    this.#draw()
    return () => {
      drop()
      this.#draw()
    }
  }

  say(text: string): void {
    this.#status.textContent = text
  }

  card(card: HTMLElement): () => void {
    this.#card.before(card)
    this.#draw()
    return () => {
      card.remove()
      this.#draw()
    }
  }

  tell(error: SessionError): void {
    // The page called at the wrong time. What the customer has to know is shown already: the session that there is.
    if (AT_THE_WRONG_TIME.has(error.code) && this.#state.name !== 'idle') return
    this.#problem = error
    this.#dismissed = false
    this.#draw()
  }

  forget(): void {
    if (latest && latest !== this && /ended|idle/.test(latest.#state.name)) latest.dismiss()
    latest = this
    this.#problem = undefined
    this.#small = undefined
    this.#drawing = false
  }

  get small(): boolean {
    return this.#small ?? matchMedia('(max-width: 480px)').matches
  }

  get drawing(): boolean | undefined {
    const state = this.#state
    const canDraw = 'session' in state && sessionFeatures(this.#settings, state.session.settings).customerAnnotation
    return canDraw ? this.#drawing : undefined
  }

  set drawing(on: boolean) {
    this.#drawing = on
    this.#draw()
  }

  async copy(pin: string): Promise<void> {
    const label = this.#card.querySelector('.copy')
    const code = this.#card.querySelector('.code')
    let said = this.texts.copied
    try {
      await navigator.clipboard.writeText(pin)
      if (label) label.textContent = said
    } catch {
      // Not allowed here, or no https.
      if (code) getSelection()?.selectAllChildren(code)
      said = this.texts.copyByHand
    }
    this.say(said)
  }

  resize(small: boolean): void {
    this.#small = small
    this.#draw()
    this.#card.querySelector<HTMLElement>('.resize')?.focus()
  }

  move(): void {
    const { dataset } = this.host
    dataset.position = CORNERS[(CORNERS.indexOf(dataset.position!) + 1) % 4]!
  }

  invite(shown: boolean): void {
    const pin = 'session' in this.#state && remaining(this.#state.session) > 0 && this.#state.session.pin
    this.putAway = shown || !pin ? undefined : pin.pin
    if (shown && !pin) this.actions.newPin()
    this.#draw()
  }

  dismiss(): void {
    this.#dismissed = true
    this.#problem = undefined
    this.#draw()
  }

  layer(): { root: ShadowRoot; remove(): void } {
    const host = pageDocument.createElement('div')
    this.nodes.add(host)
    const root = attachRoot(host, LAYER_STYLE)
    this.#topLayer.attach(host, true)
    return {
      root,
      remove: () => this.#topLayer.detach(host),
    }
  }

  #fillRoot(): void {
    const root = attachRoot(this.host, PANEL_STYLE)
    root.append(this.#theme)
    // What the customer does here is none of the page's business.
    for (const type of ['click', 'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'keydown', 'keyup', 'keypress'])
      root.addEventListener(type, (event) => event.stopPropagation())
  }

  /** On the theme and not on the host, whose direction the page's own rules could set. */
  #speak(language: string): void {
    this.#theme.lang = language
    this.#theme.dir = isRightToLeft(language) ? 'rtl' : 'ltr'
    this.#card.ariaLabel = this.texts.region
    this.#key = ''
    this.#questions.redraw()
    this.#draw()
  }

  #draw(): void {
    const { ui } = this.#settings
    const isShown = ui !== false && (ui?.code !== false || hasMet(this.#state))
    const face =
      isShown && !this.#dismissed && !this.#questions.asking ? drawFace(this.#state, this.#problem, this) : undefined
    if (face?.key !== this.#key) this.#fillCard(face?.content ?? [], face?.key ?? '', face?.status ?? '')
    if (face || this.#questions.asking || this.#card.previousSibling) this.#appear()
    else this.#disappear()
  }

  #fillCard(content: Node[], key: string, status: string): void {
    const hadFocus = this.#card.contains((this.#card.getRootNode() as ShadowRoot).activeElement)
    this.#key = key
    this.#card.classList.toggle('small', key.startsWith('small'))
    this.#card.replaceChildren(...content)
    this.#status.textContent = status
    if (hadFocus) this.#card.focus()
  }

  #appear(): void {
    this.#topLayer.attach(this.host)
    this.#adapt()
    this.#stopTicking ??= this.#clock.after(TICK_MS, () => {
      this.#stopTicking = undefined
      this.#draw()
      this.#drawTime()
    })
  }

  #disappear(): void {
    this.#topLayer.detach(this.host)
    this.#stopTicking?.()
    this.#stopTicking = undefined
  }

  /** To what of the window no rule of a style sheet can ask for, or ask for again. */
  #adapt(): void {
    const { theme = 'auto' } = this.#settings.ui || {}
    const isDark = theme === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark'
    this.#theme.dataset.theme = isDark ? 'dark' : 'light'
    const { style } = this.#theme
    // A `zoom` on the page's root reaches us in spite of everything.
    const { currentCSSZoom = 1 } = this.host as { currentCSSZoom?: number }
    style.zoom = `${1 / currentCSSZoom}`
    const { height, offsetTop, scale } = visualViewport ?? { height: innerHeight, offsetTop: 0, scale: 1 }
    const keyboard = scale > 1 ? 0 : Math.max(0, innerHeight - height - offsetTop)
    style.translate = this.host.dataset.position!.startsWith('top') ? '' : `0 ${-keyboard}px`
    style.setProperty('--room', `calc(100dvh - ${keyboard}px)`)
    // A page that shows a dialog of its own makes what is around it so.
    this.host.inert = false
  }

  #drawTime(): void {
    const time = this.#card.querySelector('[data-role=time]')
    if (!time || this.#state.name !== 'open') return
    const left = remaining(this.#state.session)
    if (left > 0) time.textContent = this.texts.codeTime.replace('{time}', formatTime(left, this.language))
  }

  #dismissLater(state: SessionState): void {
    this.#clock.after(ENDED_MS, () => {
      if (this.#state === state) this.dismiss()
    })
  }
}

function attachRoot(host: HTMLElement, style: string): ShadowRoot {
  const root = host.attachShadow({ mode: 'closed' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  // Not a style element: a page's security policy may forbid those.
  root.adoptedStyleSheets = [sheet]
  return root
}

/** Whether an agent is or was in the session: what comes before it, a page may show by itself. */
function hasMet(state: SessionState): boolean {
  return 'session' in state && (state.session.met || state.session.agents.size > 0)
}

function isRightToLeft(language: string): boolean {
  return /^(ar|fa|he|ur|yi)\b/i.test(language)
}
