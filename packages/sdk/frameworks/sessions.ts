import { AGENT_EVENTS } from '../agent/agent-events.ts'
import { type AgentSession, type AgentSessionInfo, type AgentSettings, AlongsideAgentSDK } from '../agent/index.ts'
import { AlongsideSDK, type CustomerSession, type PackageSettings, type SessionInfo } from '../customer/index.ts'
import { SESSION_EVENTS } from '../customer/session-events.ts'
import { type Followed, follow } from './follow.ts'

export type CustomerView = Followed<CustomerSession, SessionInfo>
export type AgentView = Followed<AgentSession, AgentSessionInfo>
/** The component brings the element. */
export type AgentViewSettings = Omit<AgentSettings, 'root' | 'zoomAppRoot'>

export const NOTHING = { session: undefined, info: undefined, error: undefined }

export type OpenedCustomer = Promise<{ session: CustomerSession }>
export type OpenedAgent = Promise<{ session: AgentSession }>

export function openCustomer(settings: PackageSettings): OpenedCustomer {
  return AlongsideSDK.init(settings)
}

export function openAgent(settings: AgentViewSettings, root: HTMLElement | null): OpenedAgent {
  return AlongsideAgentSDK.init({ ...settings, ...(root ? { root } : {}) })
}

export function followCustomer(opened: OpenedCustomer, show: (view: CustomerView) => void): () => void {
  return follow(opened, SESSION_EVENTS, 'session_started', show)
}

export function followAgent(opened: OpenedAgent, show: (view: AgentView) => void): () => void {
  return follow(opened, AGENT_EVENTS, 'session_joined', show)
}

/** The element of the copy goes away, and with it what the agent sees. */
export async function leaveStage(opened: OpenedAgent): Promise<void> {
  const { session } = await opened
  const { sessionStatus } = session.getSessionInfo()
  if (!['idle', 'session_recoverable', 'ended'].includes(sessionStatus)) await session.leave()
}
