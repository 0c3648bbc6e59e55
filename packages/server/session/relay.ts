import {
  CUSTOMER_ID,
  type FrameHeader,
  HEADER_BYTES,
  MAX_GESTURE_BYTES,
  type ParticipantId,
  setPeer,
} from '@alongside/protocol'
import type { Metrics } from '../metrics.ts'
import type { Connection } from '../socket/connection.ts'

/** What became of one frame. */
export type Delivery = 'sent' | 'dropped' | 'too_slow'

/** What a customer who does not read may be behind before gestures are dropped: they are worth nothing later. */
const MAX_GESTURES_WAITING = 4 * MAX_GESTURE_BYTES

/** What of an agent is limited by number, or needs a permission. */
export type Gesture = 'annotation' | 'action' | 'probe' | 'restart'

/** Passes one frame from the customer to an agent that was let in. The payload is neither read nor copied. */
export function relayToAgent(
  bytes: Uint8Array,
  { kind }: FrameHeader,
  to: Connection | undefined,
  metrics: Metrics,
): Delivery {
  const isGesture = kind === 'annotation' || kind === 'result'
  const isAnswer = kind === 'probe' && bytes.length === HEADER_BYTES + 4
  const mayPass = kind === 'content' || isAnswer || (isGesture && bytes.length <= MAX_GESTURE_BYTES)
  return relay(bytes, CUSTOMER_ID, mayPass ? to : undefined, metrics)
}

/** Passes an agent's frame to the customer: `ack` and `restart`, which are no more than a header, and what `mayGesture`
 *  allows. */
export function relayToCustomer(
  bytes: Uint8Array,
  { kind }: FrameHeader,
  from: ParticipantId,
  to: Connection | undefined,
  mayGesture: (kind: Gesture) => boolean,
  metrics: Metrics,
): Delivery {
  if (kind === 'annotation' || kind === 'action') {
    const mayPass = bytes.length <= MAX_GESTURE_BYTES && !to?.isBehind(MAX_GESTURES_WAITING) && mayGesture(kind)
    return relay(bytes, from, mayPass ? to : undefined, metrics)
  }
  const isFeedback = kind === 'ack' || kind === 'restart' || kind === 'probe'
  const mayPass = to && isFeedback && bytes.length === HEADER_BYTES && (kind === 'ack' || mayGesture(kind))
  return relay(bytes, from, mayPass ? to : undefined, metrics)
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
