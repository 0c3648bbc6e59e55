/** One row per code. `status` is the HTTP status where the code is answered over HTTP, `close` the WebSocket close code
 *  that ends the socket with it, `retry` whether the same call may succeed later without a change by the caller. */
interface ErrorRow {
  name: string
  text: string
  status: number
  close: number
  retry: boolean
}

const row = (name: string, text: string, status: number, retry = false): ErrorRow => ({
  name,
  text,
  status,
  close: 4000 + status,
  retry,
})

/** Codes below 1100 and above 1999 are the contract's; 1100 to 1199 are ours. */
export const ERRORS = {
  1001: row('SESSION_START_FAILED', 'The session could not be started. Try again.', 500, true),
  1002: row('SESSION_CONNECTING_IN_PROGRESS', 'A start or join is already under way. Wait for it to finish.', 409),
  1004: row('SESSION_COUNT_LIMIT', 'A session is already active in this browser. End it first.', 409),
  1006: row('SESSION_JOIN_PIN_NOT_FOUND', 'That code was not found. Ask the customer for the code they see now.', 404),
  1008: row('SESSION_PIN_INVALID_FORMAT', 'A code has 1 to 10 letters or digits. Check what was typed.', 400),
  1009: row(
    'SESSION_START_PIN_REQUIRED',
    'The token asks for an own code, and none came. Pass one as customPinCode.',
    400,
  ),
  1010: row('SESSION_START_PIN_CONFLICT', 'That code is in use by another session. Choose another one.', 409),
  1011: row('SESSION_JOIN_FAILED', 'The session is over or cannot be reached. Start or join a new one.', 410),
  1012: row('SESSION_CUSTOMER_COUNT_LIMIT', 'This session goes on in another tab. Use that one, or end it first.', 409),
  1013: row(
    'SESSION_AGENT_COUNT_LIMIT',
    'All places for agents in this session are taken. Ask one of them to leave.',
    409,
  ),
  1015: row('SESSION_DUPLICATE_USER', 'This user is already in the session. Close the other tab, then try again.', 409),
  1016: row('NETWORK_ERROR', 'The server cannot be reached. Check the connection and try again.', 503, true),
  1017: row('SESSION_CANCELING_IN_PROGRESS', 'The last session is still ending. Try again in a moment.', 409, true),
  1100: row('SESSION_JOIN_DECLINED', 'The customer chose not to show the page. Talk to them before the next try.', 403),
  1101: row(
    'SESSION_JOIN_NO_ANSWER',
    'The customer did not answer. Ask them to start again and for the new code.',
    408,
  ),
  1102: row('TOO_MANY_ATTEMPTS', 'Too many attempts. Wait before the next one.', 429, true),
  1103: row('SETTING_INVALID', 'A setting is not valid. Correct it and try again.', 400),
  1104: row('SDK_KEY_UNKNOWN', 'This SDK key is not known to the server. Check the key and the host.', 404),
  1105: row('MESSAGE_INVALID', 'The server did not understand a message. Load the page again.', 400),
  1106: row('TOO_LARGE', 'A message was larger than the server accepts. Send less at once.', 413),
  1107: row('SESSION_RESUME_FAILED', 'The session could not be taken up again. Start or join a new one.', 410),
  1108: row('MIRROR_FAILED', 'The copy of the page broke and is being sent again. Wait a moment.', 500, true),
  1109: row('ORIGIN_NOT_ALLOWED', 'This site is not on the list of the SDK key. Add its origin there.', 403),
  1110: row('ASSET_TYPE_REFUSED', 'The file is neither a picture nor a font. Choose another one.', 415),
  1111: row(
    'ASSETS_FULL',
    'The session keeps no more pictures and fonts and goes on without them. End it and start anew to see them.',
    413,
  ),
  1112: row('DEVICE_NOT_PRESENT', 'This customer is no longer on the site. Look at the list again.', 404),
  1113: row(
    'DEVICE_BUSY',
    'This customer is in another session, or another agent is calling. Try again later.',
    409,
    true,
  ),
  1114: row(
    'DEVICE_NO_ANSWER',
    'The page of this customer did not answer. It may sleep in the background; ask the customer to open it, then try again.',
    408,
    true,
  ),
  1115: row('PRESENCE_OFF', 'The list of present customers is switched off for this SDK key. Use codes instead.', 403),
  1116: row('TOKEN_REQUIRED', 'This SDK key starts sessions with a token only. Get one from your server.', 403),
  1117: row('INVITATION_OVER', 'The agent no longer waits. Nothing needs to be done.', 410),
  1118: row('LINK_NOT_FOUND', 'This link was used already or has run out. Ask for a new one.', 404),
  1119: row('NOT_ASKED', 'The customer of this session is not asked about agents who come this way. Use a code.', 409),
  1120: row('WATCH_ONLY', 'You only watch this session. Ask an agent who helps there.', 403),
  1121: row('ANNOTATION_OFF', 'Drawing is switched off for this page. Ask whoever runs the site to allow it.', 403),
  1122: row(
    'SETTINGS_NOT_ALLOWED',
    'This token may not change settings. Ask whoever runs the site for one with enable_settings: 1.',
    403,
  ),
  1123: row(
    'SETTINGS_CHANGED',
    'Somebody else changed these settings meanwhile. Get them anew, then make your change again.',
    412,
  ),
  2001: row('TOKEN_INVALID', 'The token is not valid. Get a new one from your server.', 401),
  9999: row('UNDEFINED', 'Something went wrong on our side. Try again later.', 500, true),
} as const satisfies Record<number, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

/** The one error that crosses a package border. `message` is safe to show: never a token, a PIN or page content. */
export class AlongsideError extends Error {
  readonly code: ErrorCode
  /** What was expected and what came, where that helps; for 1102 the seconds to wait. */
  readonly detail: { setting?: string; retryAfter?: number }

  constructor(code: ErrorCode, text?: string, detail: { setting?: string; retryAfter?: number } = {}) {
    super(text ?? ERRORS[code].text)
    this.name = ERRORS[code].name
    this.code = code
    this.detail = detail
  }
}

/** The error in the form that events and callbacks carry: the contract's `code`, `name` and `errorMsg`. */
export interface ErrorReport {
  code: ErrorCode
  name: string
  errorMsg: string
}

export function reportError(error: unknown): ErrorReport {
  if (error instanceof AlongsideError) return { code: error.code, name: error.name, errorMsg: error.message }
  return { code: 9999, name: ERRORS[9999].name, errorMsg: ERRORS[9999].text }
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'number' && Object.hasOwn(ERRORS, code)
}
