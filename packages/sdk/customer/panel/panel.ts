import type { ParticipantId } from '@alongside/protocol'
import type { SessionError } from '../../connection/answer.ts'
import { browserClock, type Clock } from '../../connection/clock.ts'
import type { SessionState } from '../session-state.ts'
import type { CustomerSettings } from '../settings.ts'
import { drawFace, remaining } from './card.ts'
import { type Asking, ConsentDialog } from './consent-dialog.ts'
import { element } from './element.ts'
import { formatTime } from './pin-format.ts'
import type { PanelActions, SessionView } from './session-view.ts'
import { LAYER_STYLE, PANEL_STYLE } from './style.ts'
import { TEXTS, type Texts } from './texts.ts'
import { TopLayer } from './top-layer.ts'

/** How often the remaining time is drawn and the panel's place checked. */
const TICK_MS = 1_000

/** How long the last word about an ended session stays. */
const ENDED_MS = 12_000

/** A start or join while a session is under way, active or ending. */
const AT_THE_WRONG_TIME = new Set<number>([1002, 1004, 1017])

/** The built-in panel: one element at the end of the page, closed to the page's scripts and styles. */
export class Panel implements SessionView {
  readonly nodes: Set<Node>
  readonly #host = document.createElement('div')
  readonly #theme: HTMLElement
  readonly #card = element('section', 'card')
  readonly #status = element('div', 'hidden')
  readonly #topLayer: TopLayer
  readonly #consent: ConsentDialog
  readonly #texts: Texts
  readonly #actions: PanelActions
  readonly #clock: Clock
  readonly #visible: boolean
  readonly #showsCode: boolean
  #state: SessionState = { name: 'idle' }
  #problem: SessionError | undefined
  #key = ''
  #dismissed = false
  #small = false
  #stopTicking: (() => void) | undefined

  constructor({ ui }: CustomerSettings, actions: PanelActions, clock: Clock = browserClock) {
    const { theme = 'auto', position = 'bottom-right', language = 'en', texts, code = true } = ui || {}
    this.#visible = ui !== false
    this.#showsCode = code
    this.#actions = actions
    this.#clock = clock
    this.#texts = { ...TEXTS, ...texts }
    this.nodes = new Set([this.#host])
    this.#host.lang = language
    this.#host.dir = isRightToLeft(language) ? 'rtl' : 'ltr'
    this.#host.dataset.position = position
    this.#theme = element('div', 'theme', this.#card, this.#status)
    this.#theme.dataset.theme = theme
    this.#card.setAttribute('aria-label', this.#texts.region)
    this.#card.tabIndex = -1
    this.#status.setAttribute('role', 'status')
    this.#fillRoot()
    this.#consent = new ConsentDialog(this.#theme, this.#texts, actions.answer)
    this.#topLayer = new TopLayer(() => this.#consent.raise())
  }

  show(state: SessionState): void {
    if (state.name !== this.#state.name) this.#dismissed = false
    this.#state = state
    if (state.name === 'ended') this.#dismissLater(state)
    this.#draw()
  }

  ask(agent: Asking): void {
    this.#topLayer.attach(this.#host)
    this.#consent.ask(agent)
    this.#draw()
  }

  unask(participant: ParticipantId): void {
    this.#consent.drop(participant)
  }

  unaskAll(): void {
    this.#consent.dropAll()
  }

  tell(error: SessionError): void {
    // The page called at the wrong time. What the customer has to know is shown already: the session that there is.
    if (AT_THE_WRONG_TIME.has(error.code) && this.#state.name !== 'idle') return
    this.#problem = error
    this.#dismissed = false
    this.#draw()
  }

  forget(): void {
    this.#problem = undefined
    this.#small = false
  }

  layer(): { root: ShadowRoot; remove(): void } {
    const host = document.createElement('div')
    this.nodes.add(host)
    const root = attachRoot(host, LAYER_STYLE)
    this.#topLayer.attach(host, true)
    return {
      root,
      remove: () => this.#topLayer.detach(host),
    }
  }

  #fillRoot(): void {
    const root = attachRoot(this.#host, PANEL_STYLE)
    root.append(this.#theme)
    // What the customer does here is none of the page's business.
    for (const type of ['click', 'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'keydown', 'keyup', 'keypress'])
      root.addEventListener(type, (event) => event.stopPropagation())
  }

  #draw(): void {
    const face =
      this.#visible && !this.#dismissed && !this.#consent.asking && (this.#showsCode || hasMet(this.#state))
        ? drawFace(this.#state, this.#problem, {
            texts: this.#texts,
            actions: this.#actions,
            now: Date.now,
            copy: (pin) => void this.#copy(pin),
            small: this.#small,
            resize: (small) => this.#resize(small),
            dismiss: () => this.#dismiss(),
          })
        : undefined
    if (face?.key !== this.#key) this.#fillCard(face?.content ?? [], face?.key ?? '', face?.status ?? '')
    if (face || this.#consent.asking) this.#appear()
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
    this.#topLayer.attach(this.#host)
    this.#stopTicking ??= this.#tickLater()
  }

  #disappear(): void {
    this.#topLayer.detach(this.#host)
    this.#stopTicking?.()
    this.#stopTicking = undefined
  }

  #tickLater(): () => void {
    return this.#clock.after(TICK_MS, () => {
      this.#stopTicking = undefined
      this.#draw()
      this.#drawTime()
    })
  }

  #drawTime(): void {
    const time = this.#card.querySelector('[data-role=time]')
    if (!time || this.#state.name !== 'open') return
    const left = remaining(this.#state.session, Date.now())
    if (left > 0) time.textContent = this.#texts.codeTime.replace('{time}', formatTime(left))
  }

  async #copy(pin: string): Promise<void> {
    const label = this.#card.querySelector('.copy')
    const code = this.#card.querySelector('.code')
    try {
      await navigator.clipboard.writeText(pin)
      if (label) label.textContent = this.#texts.copied
      this.#status.textContent = this.#texts.copied
    } catch {
      // Not allowed here, or no https.
      if (code) getSelection()?.selectAllChildren(code)
      this.#status.textContent = this.#texts.copyByHand
    }
  }

  #resize(small: boolean): void {
    this.#small = small
    this.#draw()
    this.#card.querySelector('button')?.focus()
  }

  #dismissLater(state: SessionState): void {
    this.#clock.after(ENDED_MS, () => {
      if (this.#state === state) this.#dismiss()
    })
  }

  #dismiss(): void {
    this.#dismissed = true
    this.#problem = undefined
    this.#draw()
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
  return /^(ar|dv|fa|he|ks|ps|sd|ug|ur|yi)\b/i.test(language)
}
