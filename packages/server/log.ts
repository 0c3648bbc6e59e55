import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.ts'

/** What JSON may leave as it is, and what a terminal obeys, a reader of logs takes for the end of a line, or does not
 *  see: control characters from DEL on, separators of lines, lone surrogates, and those of format, direction included. */
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Longest text that is logged: the stack of an error. */
const MAX_TEXT = 4_096

/** The server's log: one JSON object a line. A field may hold any text; it cannot end its line, begin another one, move
 *  the cursor of who reads it, or fill the disk. */
export function createLog(level: Config['logLevel'], destination: DestinationStream): Logger {
  return pino(
    {
      level,
      formatters: { log: shortened },
      serializers: { err: (error: Error) => shortened({ ...pino.stdSerializers.err(error) }) },
      hooks: {
        // pino would repeat the message of an `err` beside it, whole.
        logMethod([fields, ...more]: unknown[], method) {
          const text = isWithError(fields) ? shorten(fields.err.message) : undefined
          method.call(this, fields as object, ...((text === undefined ? more : [text]) as []))
        },
        streamWrite: (line) => line.replace(UNSAFE, asJson),
      },
    },
    destination,
  )
}

function isWithError(fields: unknown): fields is { err: Error } {
  return typeof fields === 'object' && fields !== null && 'err' in fields && fields.err instanceof Error
}

function shortened(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shorten(value)]))
}

function shorten(value: unknown): unknown {
  return typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value
}

/** A character as JSON writes one that it cannot hold: each half of a pair for itself. */
function asJson(character: string): string {
  return character
    .split('')
    .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
