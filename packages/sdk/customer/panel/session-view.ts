import type { ParticipantId } from '@alongside/protocol'
import type { SessionError } from '../../connection/answer.ts'
import type { SessionState } from '../session-state.ts'
import type { Asking } from './consent-dialog.ts'

/** What the customer sees of a session. */
export interface SessionView {
  /** What belongs to the view and is never mirrored. */
  readonly nodes: ReadonlySet<Node>
  show(state: SessionState): void
  /** Puts the question whether this agent may look; `PanelActions.answer` brings the answer. */
  ask(agent: Asking): void
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
}
