import type { TextKey } from './texts/catalogue.ts'
import { isTextKey, t } from './texts/language.ts'

/** An error as the agent SDK reports it. */
export interface Failure {
  code: number
  name: string
  errorMsg: string
  /** For 1102: seconds until the next try may work. */
  retryAfter?: number
}

/** A failure in the words of the desk. */
export interface Problem {
  /** The number to tell the help line. */
  code: number
  title: string
  text: string
  /** Where it is shown: beside the code that was typed, or on a page of its own. */
  place: 'form' | 'page'
  /** Seconds to wait before the next try. */
  wait?: number
}

/** Errors about the code itself: the form is where they are mended. */
const AT_THE_CODE = new Set([1006, 1008, 1102])

/** Puts an error of the SDK into the desk's words. 1006 is shown under the number agents know it by, 30308. */
export function describeProblem(failure: Failure): Problem {
  const { code, errorMsg, retryAfter } = failure
  const [title, text] = [`error.${code}.title`, `error.${code}.text`]
  return {
    code: code === 1006 ? 30308 : code,
    title: isPlainKey(title) ? t(title) : t('error.other.title'),
    text: isPlainKey(text) ? t(text) : errorMsg,
    place: AT_THE_CODE.has(code) ? 'form' : 'page',
    ...(retryAfter ? { wait: retryAfter } : {}),
  }
}

/** An error that a newer SDK knows has no words here: its own are shown. */
function isPlainKey(key: string): key is Extract<TextKey, `error.${string}`> {
  return isTextKey(key)
}
