import type { Anchor, Replica } from '@alongside/mirror/replica'
import type { AgentMessage } from '@alongside/protocol'
import type { AgentEvents } from './agent-events.ts'

/** What annotation and remote assist use of an agent's session. */
export interface Toolbox {
  /** Over the copy and of its drawn size. Lets the pointer through until a tool sets `pointerEvents`. */
  readonly layer: HTMLElement
  /** The factor from the customer's CSS pixels to those of `layer`. */
  scale(): number
  /** The copy that is on the screen. */
  replica(): Replica | undefined
  /** What is under a place of the agent's window, as mouse events tell it. */
  anchorAt(clientX: number, clientY: number): Anchor | undefined
  /** To the customer. At most `MAX_GESTURE_BYTES` with its header. Lost when the line is down. */
  sendFrame(kind: 'annotation' | 'action', payload: Uint8Array): void
  /** Whether much waits to be sent: what is worth nothing later should not be added. */
  isBehind(): boolean
  send(message: AgentMessage): void
  emit<Name extends keyof AgentEvents>(event: Name, payload: Omit<AgentEvents[Name], 'sessionId'>): void
}
