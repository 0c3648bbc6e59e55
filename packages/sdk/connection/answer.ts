import { AlongsideError, type ErrorReport, reportError } from '@alongside/protocol'

/** What an asynchronous call of a session resolves with, and what its callback gets. It never rejects: a refusal is an
 *  answer, and a page that ignores it should not get an unhandled rejection. */
export type Answer<Fields = object> = ({ success: true; error?: undefined } & Fields) | Refusal
export interface Refusal {
  success: false
  error: SessionError
}

/** An error of the contract as callbacks, promises and `session_error` carry it. */
export interface SessionError extends ErrorReport {
  /** The setting that is not valid, for 1103. */
  setting?: string
  /** Seconds until the next try may work, for 1102. */
  retryAfter?: number
}

export type Callback<Result> = ((answer: Result) => void) | undefined

/** Runs one call of the public face: its promise and its callback get the same answer. */
export function answer<Fields extends object>(
  run: () => Promise<Fields>,
  callback?: Callback<Answer<Fields>>,
): Promise<Answer<Fields>> {
  return settle(run).then((result) => {
    // A callback's own error is the page's; it must not turn into a second answer.
    if (typeof callback === 'function') queueMicrotask(() => callback(result))
    return result
  })
}

async function settle<Fields extends object>(run: () => Promise<Fields>): Promise<Answer<Fields>> {
  try {
    return { success: true, ...(await run()) }
  } catch (error) {
    return { success: false, error: describeError(error) }
  }
}

export function describeError(error: unknown): SessionError {
  if (!isCoded(error)) return reportError(error)
  const { code, name, message, detail } = error
  return { code, name, errorMsg: message, ...detail }
}

/** The error behind a description, with all that it says. */
export function makeError({ code, errorMsg, setting, retryAfter }: SessionError): AlongsideError {
  const detail = { ...(setting === undefined ? {} : { setting }), ...(retryAfter === undefined ? {} : { retryAfter }) }
  return new AlongsideError(code, errorMsg, detail)
}

// Not by its class: a script's loader and core are bundled apart, so each has one of its own,
// and the loader's table holds few of the codes.
function isCoded(error: unknown): error is AlongsideError {
  return error instanceof Error && 'detail' in error && 'code' in error && typeof error.code === 'number'
}
