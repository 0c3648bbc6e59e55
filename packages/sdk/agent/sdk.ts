import { AlongsideError, PROTOCOL_VERSION } from '@alongside/protocol'
import { answer, type Callback, type SessionError } from '../connection/answer.ts'
import { readAppKey } from '../connection/app-key.ts'
import { readOrigin } from '../connection/origin.ts'
import { AgentSession } from './agent-session.ts'
import { PlaceKeeper } from './place-keeper.ts'

/** Settings of `AlongsideAgentSDK.init`. */
export interface AgentSettings {
  /** The SDK key of your site. The script's own when left out. */
  appKey?: string
  /** Where the customer's page is shown: an element, or a selector of one. Needed to join. */
  root?: HTMLElement | string
  /** The same as `root`. */
  zoomAppRoot?: HTMLElement | string
  /** The Alongside server: a host name or an origin. The script's own server when left out. */
  host?: string
  /** The same as `host`. */
  zoomHostName?: string
}

export interface SdkInfo {
  name: string
  protocolVersion: number
}

interface Opened {
  sdkInfo: SdkInfo
  session: AgentSession
}

/** What the callback of `init` gets. */
export type AgentInitAnswer =
  | ({ success: true; error?: undefined } & Opened)
  | { success: false; sdkInfo?: undefined; session?: undefined; error: SessionError }

export interface AgentSdk {
  /** Makes an agent's session. With a callback it is answered there; without one the promise rejects with an
   *  `AlongsideError` when a setting is wrong (1103). */
  init(settings: AgentSettings, callback: (answer: AgentInitAnswer) => void): Promise<AgentInitAnswer>
  init(settings: AgentSettings): Promise<Opened>
}

/** Makes the public object. `own` is the script's server and key, for settings that name none. */
export function createAgentSdk(own?: { origin: string; sdkKey: string }): AgentSdk {
  const open = async (settings: AgentSettings): Promise<Opened> => {
    const { appKey, root, zoomAppRoot, host, zoomHostName } = settings ?? {}
    const sdkKey = readAppKey(appKey ?? own?.sdkKey)
    const origin = readOrigin(host ?? zoomHostName ?? own?.origin, 'host')
    const place = findRoot(root ?? zoomAppRoot)
    const session = new AgentSession({ origin, sdkKey, root: place, keeper: await PlaceKeeper.find(origin) })
    return { sdkInfo: { name: 'alongside', protocolVersion: PROTOCOL_VERSION }, session }
  }
  function init(settings: AgentSettings, callback: (answer: AgentInitAnswer) => void): Promise<AgentInitAnswer>
  function init(settings: AgentSettings): Promise<Opened>
  function init(settings: AgentSettings, callback?: Callback<AgentInitAnswer>): Promise<AgentInitAnswer | Opened> {
    if (typeof callback !== 'function') return open(settings)
    return answer(() => open(settings), callback)
  }
  return { init }
}

function findRoot(root: unknown): HTMLElement | undefined {
  if (root === undefined) return undefined
  const found = typeof root === 'string' ? query(root) : root
  if (found instanceof HTMLElement) return found
  throw invalid('root', 'an element of this page, or a selector that finds one')
}

function query(selector: string): Element | null {
  try {
    return document.querySelector(selector)
  } catch {
    return null
  }
}

function invalid(setting: string, expected: string): AlongsideError {
  return new AlongsideError(1103, `${setting}: expected ${expected}.`, { setting })
}
