import { AlongsideError } from '@alongside/protocol'
import { createEvents } from '../../connection/events.ts'
import { readOrigin } from '../../connection/origin.ts'
import type { Load } from '../part.ts'
import { readDeviceId } from '../presence/device-id.ts'
import type { Presence } from '../presence/presence.ts'
import { createCustomerSdk } from '../sdk.ts'
import type { SessionPlace } from '../session-core.ts'
import type { PanelSettings } from '../settings.ts'
import { CobrowseSession } from './cobrowse-session.ts'
import { invalid, readCustomData, readProperties } from './cobrowse-settings.ts'

/** Selectors; those of an object are limited to some addresses on Cobrowse.io. */
export type Views = string | (string | Record<string, string | string[]>)[] | Record<string, string | string[]>

type Controls = (session: CobrowseSession) => void
type Confirm = (session: CobrowseSession) => Promise<boolean> | boolean | undefined

/** What a page sets. It is read when a session or the registration begins. */
export interface CobrowseProperties {
  /** The SDK key. */
  license?: string
  /** The Alongside server; the script's own when left out. */
  api?: string
  redactedViews?: Views
  unredactedViews?: Views
  capabilities?: string[]
  trustedOrigins?: string[]
  /** `false`: this browser is not on the list of present customers until a code is requested. */
  registration?: boolean
  /** Replaces the question whether an agent may look. */
  confirmSession?: Confirm
  confirmRemoteControl?: Confirm
  /** Shows the page's own sign that an agent looks, in the place of the panel. */
  showSessionControls?: Controls
  hideSessionControls?: Controls
  /** The look of the panel. Ours; with `code: true` it shows the code as well. */
  ui?: PanelSettings
}

export interface CobrowseStart {
  /** The same as the property `registration`. */
  registration?: boolean
  register?: boolean
  /** Also in a frame; there it does nothing otherwise. */
  allowIFrameStart?: boolean
}

interface CobrowseEvents {
  'session.loaded': CobrowseSession
  'session.updated': CobrowseSession
  'session.ended': CobrowseSession
}

/** The public object of pages that are written for Cobrowse.io. All promises reject with an `AlongsideError`. */
export interface Cobrowse extends CobrowseProperties {
  /** What agents read about the customer, by names such as `user_name`, `user_email`, `user_id`, `device_name`. */
  customData: Record<string, unknown>
  /** The session that is open in this tab. */
  readonly currentSession: CobrowseSession | null
  client(): Promise<Cobrowse>
  /** Puts this browser on the list of present customers, and takes up the session that the page before had. */
  start(options?: CobrowseStart): Promise<void>
  /** Ends the session and takes this browser off the list. */
  stop(): Promise<void>
  createSession(): Promise<CobrowseSession>
  /** Digits for the customer to read out, good for 20 minutes; the ones before are void. */
  createSessionCode(): Promise<string>
  /** A session of this page, by its id or a code that led to it. */
  getSession(idOrCode: string): Promise<CobrowseSession>
  /** Names this browser on this site. */
  deviceId(): string
  on<Name extends keyof CobrowseEvents>(event: Name, listener: (session: CobrowseSession) => void): () => void
  off<Name extends keyof CobrowseEvents>(event: Name, listener: (session: CobrowseSession) => void): void
}

export interface CobrowseHost {
  /** The server, unless the page names another. */
  origin?: string
  loadFrom(origin: string): Load
}

/** Gives `page`, which may be the placeholder of the documented snippet with properties set on it, the methods of the
 *  public object. */
export function createCobrowse(host: CobrowseHost, page: Partial<Cobrowse> = {}): Cobrowse {
  const events = createEvents<CobrowseEvents>()
  const sessions: CobrowseSession[] = []
  let customData = page.customData ?? {}
  let presence: Promise<Presence | undefined> | undefined
  let opening: Promise<CobrowseSession> | undefined

  const place = (): SessionPlace => {
    if (typeof page.license !== 'string' || !page.license) throw invalid('license', 'the SDK key of your site')
    return { sdkKey: page.license, origin: readOrigin(page.api ?? host.origin, 'api') }
  }

  const current = () => sessions.find((session) => !session.isEnded() && session.id() !== '')

  /** A session under the properties of now, which nobody has started yet. */
  const make = async (): Promise<CobrowseSession> => {
    const here = place()
    const sdk = createCustomerSdk(() => here, host.loadFrom(here.origin))
    const { confirmSession, confirmRemoteControl, capabilities } = page
    const settings = readProperties(page, {
      ...(confirmSession && { confirmSession: () => made.confirm(confirmSession) }),
      ...(confirmRemoteControl && { confirmRemoteAssist: () => made.confirm(confirmRemoteControl) }),
    })
    const { session } = await sdk.init(settings)
    const made = new CobrowseSession(session, capabilities)
    follow(made)
    return made
  }

  const follow = (session: CobrowseSession) => {
    let shown = false
    session.on('loaded', () => {
      sessions.unshift(session)
      events.emit('session.loaded', session)
    })
    session.on('updated', () => {
      const active = session.isActive()
      if (active !== shown) (active ? page.showSessionControls : page.hideSessionControls)?.(session)
      shown = active
      events.emit('session.updated', session)
    })
    session.on('ended', () => events.emit('session.ended', session))
  }

  const open = (invitation?: string): Promise<CobrowseSession> => {
    opening ??= (async () => {
      const session = await make()
      const device = { deviceId: readDeviceId(), customData: readCustomData(customData) }
      await session.begin(invitation === undefined ? device : { ...device, invitation })
      return session
    })().finally(() => {
      opening = undefined
    })
    return opening
  }

  const register = (): Promise<Presence | undefined> => {
    presence ??= host
      .loadFrom(place().origin)('presence')
      .then(
        ({ Presence }) =>
          new Presence({
            ...place(),
            deviceId: readDeviceId(),
            customData: readCustomData(customData),
            start: async ({ invitation }) => opening === undefined && (await open(invitation)).id() !== '',
          }),
        () => {
          // The page works without it, and the next call tries again.
          presence = undefined
          return undefined
        },
      )
    return presence
  }

  const createSession = async (): Promise<CobrowseSession> => {
    const session = current() ?? (await open())
    void register()
    return session
  }

  const face: Omit<Cobrowse, keyof CobrowseProperties> = {
    get customData() {
      return customData
    },
    set customData(next) {
      customData = next
      presence
        ?.then((present) => present?.update(readCustomData(next)))
        // biome-ignore lint/suspicious/noConsole: an assignment has no other way to say so
        .catch((error: Error) => console.error(`Alongside: ${error.message}`))
    },
    get currentSession() {
      return current() ?? null
    },
    client: () => Promise.resolve(cobrowse),
    async start({ registration, register: listed, allowIFrameStart }: CobrowseStart = {}) {
      if (window.top !== window && !allowIFrameStart) return
      readProperties(page, {})
      readCustomData(customData)
      if ((registration ?? listed ?? page.registration) !== false) await register()
      if (current()) return
      const session = await make()
      if (session.isRecoverable()) await session.begin('take_up')
    },
    async stop() {
      const present = await presence
      presence = undefined
      present?.close()
      await current()?.end()
    },
    createSession,
    async createSessionCode() {
      const before = current()
      return before ? before.renewCode() : (await createSession()).firstCode()
    },
    async getSession(idOrCode) {
      const found = sessions.find((session) => session.isCalled(String(idOrCode ?? '').trim()))
      if (found) return found
      throw new AlongsideError(1006, 'This browser has no session with that id or code. Create one first.')
    },
    deviceId: readDeviceId,
    on: events.on,
    off: events.off,
  }
  const cobrowse = Object.defineProperties(page, Object.getOwnPropertyDescriptors(face)) as Cobrowse
  return cobrowse
}
