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

const TITLES: Record<number, string> = {
  1001: 'The session could not be started',
  1002: 'Already connecting',
  1004: 'A session is already open here',
  1008: 'That is not a code',
  1011: 'The session cannot be joined',
  1013: 'The session is full',
  1015: 'You are already in this session',
  1016: 'No connection to the server',
  1017: 'The last session is still ending',
  1100: 'The customer said no',
  1101: 'No answer from the customer',
  1102: 'Too many attempts',
  1104: 'The desk is not set up',
  1107: 'The session could not be picked up again',
  1108: 'The copy of the page broke',
  1109: 'The desk may not be used here',
  1112: 'The customer has left the site',
  1113: 'The customer is busy',
  1114: 'The customer’s page did not answer',
  1115: 'There is no list of customers',
  1116: 'This site needs a token',
  1117: 'Nobody waits any more',
  1118: 'This link does not work any more',
  2001: 'Your access has expired',
  9999: 'Something went wrong on our side',
}

/** Where the SDK's text is for whoever builds with it and not for an agent. */
const TEXTS: Record<number, string> = {
  1002: 'A join is already under way. Close other tabs of the desk if this stays.',
  1004: 'A session is already active in this browser. Leave it, then come back.',
  1009: 'Ask the customer to start again from the page that shows their code.',
  1011: 'The session is over or cannot be reached. Ask the customer for a new code.',
  1012: 'The session goes on elsewhere. Ask the customer to start again.',
  1013: 'All places for agents are taken. Ask one of them to leave, then join again.',
  1015: 'Perhaps it is open in another tab of the desk. Close that tab, then join again.',
  1100: 'They chose not to show their page. Talk to them, then join with the code they see now.',
  1103: 'A setting of the desk is not valid. Tell your administrator the number below.',
  1104: 'The server does not know your company’s key. Tell your administrator the number below.',
  1105: 'The server did not understand the desk. Load this page again. If it stays, tell your administrator the number below.',
  1106: 'The desk sent too much. Load this page again. If it stays, tell your administrator the number below.',
  1107: 'Ask the customer for a new code.',
  1108: 'Join again. If it stays, ask the customer to load their page again.',
  1109: 'Open the desk from the tool your company gave you, or tell your administrator the number below.',
  1112: 'They closed the page or went elsewhere. Ask them to open the site again, or for a code.',
  1113: 'They are in another session, or another agent calls them. Try again later, or ask them for a code.',
  1114: 'It may sleep in the background. Ask the customer to open it, then try again.',
  1115: 'Your company has switched it off. Ask the customer for a code.',
  1116: 'Customers of this site start by themselves. Ask the customer for a code.',
  1117: 'The call was over before the customer’s page answered. Try again.',
  2001: 'Close this page and open the desk again from your support tool.',
  9999: 'Try again. If it stays, tell your administrator the number below.',
}

/** Errors about the code itself: the form is where they are mended. */
const AT_THE_CODE = new Set([1006, 1008, 1102])

/** Puts an error of the SDK into the desk's words. 1006 is shown under the number agents know it by, 30308. */
export function describeProblem(failure: Failure): Problem {
  if (failure.code === 1006)
    return {
      code: 30308,
      title: 'Cobrowse code not found',
      text: 'Ask the customer to read out the code they see now. A code works once and for 20 minutes.',
      place: 'form',
    }
  const problem: Problem = {
    code: failure.code,
    title: TITLES[failure.code] ?? 'This did not work',
    text: TEXTS[failure.code] ?? failure.errorMsg,
    place: AT_THE_CODE.has(failure.code) ? 'form' : 'page',
  }
  return failure.retryAfter ? { ...problem, wait: failure.retryAfter } : problem
}
