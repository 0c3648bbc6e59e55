import type { AgentInfo, ParticipantId } from '@alongside/protocol'
import type { SessionError } from '../../connection/answer.ts'
import type { SessionState } from '../session-state.ts'
import type { Question } from './questions.ts'
import type { Texts } from './texts.ts'

/** Who wants to look. */
export interface Asking extends AgentInfo {
  /** The company behind the SDK key, if it has a name. */
  company?: string
  /** What the agent sees is kept. */
  recorded?: boolean
}

/** What the panel does for the parts of the SDK, also on a page that shows no panel: there their cards stand alone. */
export interface PanelKit {
  /** In the customer's language. */
  readonly texts: Texts
  /** Asks the customer, after the questions before it. The returned function takes the question back. */
  ask(question: Question): () => void
  /** Says something to who has a screen reader: of what comes and goes they would not hear. */
  say(text: string): void
  /** Shows a card beside the panel's own: a `section` of class `card` made of what `element.ts` makes. The returned
   *  function takes it away and may be called twice. */
  card(card: HTMLElement): () => void
  /** The panel's element; `data-position` names its corner. */
  readonly host: HTMLElement
  /** Whether the customer draws; undefined where that is not allowed. */
  get drawing(): boolean | undefined
  set drawing(on: boolean)
}

/** What the customer sees of a session. */
export interface SessionView extends PanelKit {
  /** What belongs to the view and is never mirrored. */
  readonly nodes: ReadonlySet<Node>
  show(state: SessionState): void
  /** Puts the question whether this agent may look; `PanelActions.answer` brings the answer. */
  askAbout(agent: Asking): void
  /** Takes the question about an agent back. */
  unask(participant: ParticipantId): void
  unaskAll(): void
  /** An error while there is no session to show. */
  tell(error: SessionError): void
  /** A new element over the whole page and below what the view shows; see `PartContext`. */
  layer(): { root: ShadowRoot; remove(): void }
  /** A new start: what was told before is no longer true. */
  forget(): void
}

/** What the customer can do there. */
export interface PanelActions {
  answer(participant: ParticipantId, granted: boolean): void
  end(): void
  pause(paused: boolean): void
  newPin(): void
  draw(on: boolean): void
  preview(): void
}
