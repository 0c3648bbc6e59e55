import type { ServerMessage } from '@alongside/protocol'

/** Reads a control message. Undefined when it is none: a newer server may say more than this SDK knows, and what has
 *  no `type` of ours is then ignored by the session. */
export function decodeControl<Message extends ServerMessage>(text: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(text)
    if (typeof message !== 'object' || message === null || !('type' in message)) return undefined
    return typeof message.type === 'string' ? (message as Message) : undefined
  } catch {
    return undefined
  }
}
