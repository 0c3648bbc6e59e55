import { AlongsideError, ERRORS, type ErrorMessage } from '@alongside/protocol'

/** The error that a server's message stands for; 9999 for one that only a newer SDK knows. */
export function readServerError({ code, retryAfter }: ErrorMessage): AlongsideError {
  return new AlongsideError(
    code in ERRORS ? code : 9999,
    code === 1011 ? OTHER_VERSION : undefined,
    retryAfter === undefined ? {} : { retryAfter },
  )
}

/** On the socket 1011 has this meaning only. */
const OTHER_VERSION = 'The server speaks another version of the protocol. Load the page again, or update the SDK.'
