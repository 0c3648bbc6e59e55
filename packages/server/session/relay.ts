import { CUSTOMER_ID, type FrameHeader, type ParticipantId, setPeer } from '@alongside/protocol'
import type { Connection } from '../socket/connection.ts'

/** What became of one frame. */
export type Delivery = 'sent' | 'dropped' | 'too_slow'

/** Passes one content frame from the customer to an agent that was let in. The payload is neither read nor copied. */
export function relayContent(bytes: Uint8Array, header: FrameHeader, to: Connection | undefined): Delivery {
  return header.kind === 'content' ? relay(bytes, CUSTOMER_ID, to) : 'dropped'
}

/** Passes an agent's `ack` or `restart` to the customer. */
export function relayFeedback(
  bytes: Uint8Array,
  header: FrameHeader,
  from: ParticipantId,
  to: Connection | undefined,
): Delivery {
  return header.kind === 'content' ? 'dropped' : relay(bytes, from, to)
}

function relay(bytes: Uint8Array, from: ParticipantId, to: Connection | undefined): Delivery {
  if (!to?.open) return 'dropped'
  if (to.isFull(bytes.length)) return 'too_slow'
  setPeer(bytes, from)
  to.forward(bytes)
  return 'sent'
}
