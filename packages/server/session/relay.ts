import { CUSTOMER_ID, type FrameHeader, HEADER_BYTES, type ParticipantId, setPeer } from '@alongside/protocol'
import type { Metrics } from '../metrics.ts'
import type { Connection } from '../socket/connection.ts'

/** What became of one frame. */
export type Delivery = 'sent' | 'dropped' | 'too_slow'

/** Passes one content frame from the customer to an agent that was let in. The payload is neither read nor copied. */
export function relayContent(
  bytes: Uint8Array,
  header: FrameHeader,
  to: Connection | undefined,
  metrics: Metrics,
): Delivery {
  return relay(bytes, CUSTOMER_ID, header.kind === 'content' ? to : undefined, metrics)
}

/** Passes an agent's `ack` or `restart`, which are no more than a header, to the customer. */
export function relayFeedback(
  bytes: Uint8Array,
  header: FrameHeader,
  from: ParticipantId,
  to: Connection | undefined,
  metrics: Metrics,
): Delivery {
  const isFeedback = header.kind !== 'content' && bytes.length === HEADER_BYTES
  return relay(bytes, from, isFeedback ? to : undefined, metrics)
}

function relay(bytes: Uint8Array, from: ParticipantId, to: Connection | undefined, metrics: Metrics): Delivery {
  if (!to?.open || to.isFull(bytes.length)) {
    metrics.framesDropped.inc()
    return to?.open ? 'too_slow' : 'dropped'
  }
  setPeer(bytes, from)
  to.forward(bytes)
  metrics.frames.inc()
  metrics.frameBytes.inc(bytes.length)
  return 'sent'
}
