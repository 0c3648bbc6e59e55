import { AlongsideError, isErrorCode } from '@alongside/protocol'
import { describeError } from '../connection/answer.ts'
import { GLOBAL_NAMES, installRefusal } from '../connection/script-globals.ts'

/** The server writes why, and the error code, in the place of these marks. The second is a number because the minifier
 *  would work out what becomes of any other. */
const REASON = '__ALONGSIDE_REASON__'
const CODE: number = 987654321

const error = new AlongsideError(isErrorCode(CODE) ? CODE : 9999, REASON)

/** What a page gets in the place of the SDK when its script's address is wrong: every `init` says why. */
installRefusal([...GLOBAL_NAMES.customer, ...GLOBAL_NAMES.agent], {
  init(_settings: unknown, callback?: (answer: object) => void) {
    if (typeof callback !== 'function') return Promise.reject(error)
    const refusal = { success: false, error: describeError(error) }
    queueMicrotask(() => callback(refusal))
    return Promise.resolve(refusal)
  },
})

// biome-ignore lint/suspicious/noConsole: the integrator's only way to learn of it
console.error(`Alongside: ${REASON}`)
