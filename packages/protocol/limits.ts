/** The version of control messages and frame headers; a peer that says another is refused with 1011. */
export const PROTOCOL_VERSION = 1

/** Agents that may see one page at once. */
export const MAX_AGENTS = 5

/** Digits of a generated PIN: short enough to read aloud. */
export const PIN_DIGITS = 6

/** How long a generated PIN waits for an agent: a long hold in a telephone queue. */
export const PIN_LIFETIME_MS = 20 * 60_000

/** How long a session outlives a lost socket on either side: a page load on a slow phone. */
export const RECOVERY_WINDOW_MS = 120_000

/** Resumes that may fail before the session ends. */
export const MAX_FAILED_RESUMES = 2

/** How long an agent waits for the customer's answer and first picture. */
export const AGENT_WAIT_MS = 3 * 60_000

/** How long a fresh socket may stay silent before the server closes it. */
export const HELLO_TIMEOUT_MS = 10_000

/** Largest control message in bytes: a token of 4 KB and room for names. */
export const MAX_CONTROL_BYTES = 16 * 1024

/** Largest content frame in bytes, header included: one text of a few megabytes fits, a flood does not. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024

/** Largest frame of an annotation, an action or its result in bytes, header included: a long stroke in one piece. */
export const MAX_GESTURE_BYTES = 64 * 1024

/** Annotations and actions that an agent may send in a second: two for each frame of a fast screen. */
export const GESTURES_PER_SECOND = 240

/** Restarts that an agent may ask for in a minute: each costs the customer's page a snapshot. */
export const RESTARTS_PER_MINUTE = 20

/** Frames of one socket in a second: a page that changes and is drawn on at every frame of a fast screen, for five agents
 *  and a recording. */
export const FRAMES_PER_SECOND = 5_000

/** Control messages of one socket in a minute: ten a second, where people make one or two. */
export const CONTROLS_PER_MINUTE = 600

/** Pings and pongs of one socket in a minute: a browser answers the server's, and sends none of its own. */
export const PINGS_PER_MINUTE = 3_000

/** Bytes the relay keeps for one receiver before it cuts that receiver off. */
export const MAX_BUFFERED_BYTES = 32 * 1024 * 1024

/** How often the server pings (a browser cannot), so that a dead line is noticed within two of them. */
export const PING_INTERVAL_MS = 10_000

/** Largest picture or font in bytes. */
export const MAX_ASSET_BYTES = 5 * 1024 * 1024

/** Bytes of pictures and fonts that a session keeps, equal ones counted once. */
export const MAX_SESSION_ASSET_BYTES = 64 * 1024 * 1024

/** Pictures and fonts of a session: a shop's list that somebody scrolls through for an hour. */
export const MAX_ASSETS = 2_000

/** How long an agent's request waits for a picture that the customer's page is still bringing. */
export const ASSET_WAIT_MS = 20_000

/** How long the page of a device may take to answer an invitation: it loads the large part of the SDK first. */
export const INVITATION_WAIT_MS = 20_000

/** Names and values that a page may say of its customer. */
export const MAX_CUSTOM_DATA_ENTRIES = 32

/** Characters of one name in custom data. */
export const MAX_CUSTOM_DATA_NAME = 64

/** Bytes of custom data, names and values together. */
export const MAX_CUSTOM_DATA_BYTES = 4 * 1024
