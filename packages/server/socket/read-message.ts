import { AlongsideError, PROTOCOL_VERSION } from '@alongside/protocol'
import type { ZodType } from 'zod'
import { anyVersion, type FirstMessage, firstMessage } from './message-schemas.ts'

/** Reads the first message of a socket. Throws 1011 for another version, whatever else it holds, and 1105. */
export function readFirst(text: string): FirstMessage {
  // Another version may have other fields, so the version is judged before the rest.
  const { version } = readMessage(anyVersion, text)
  if (version !== PROTOCOL_VERSION) throw new AlongsideError(1011)
  return readMessage(firstMessage, text)
}

/** Throws 1105 for what is none of the schema's messages. */
export function readMessage<Message>(schema: ZodType<Message>, text: string): Message {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new AlongsideError(1105)
  }
}
