import { type AgentSdk, createAgentSdk } from './sdk.ts'

export { agentColour } from '@alongside/protocol'
export type { ColourName } from '../annotation/colours.ts'
export type { AnnotationTool } from '../annotation/mark.ts'
export type { Answer, SessionError } from '../connection/answer.ts'
export type { AgentEvents, PageInfo } from './agent-events.ts'
export type {
  AgentSession,
  AgentSessionInfo,
  AgentStatus,
  CallOptions,
  ColleagueLink,
  ColleagueOptions,
  JoinOptions,
  LinkOptions,
  SessionOptions,
} from './agent-session.ts'
export type { Annotation, AnnotationState, ToolOptions } from './annotation/annotation.ts'
export type { DeviceList, DeviceQuery, OpenSession, PresentDevice, SessionList } from './device-list.ts'
export type { ScrollMode } from './look.ts'
export { createPlayer, type Player, type PlayerOptions, type PlayerState } from './player/player.ts'
export type { AssistAnswer, AssistState, RemoteAssist } from './remote-assist.ts'
export type { AgentInitAnswer, AgentSdk, AgentSettings, SdkInfo } from './sdk.ts'
export type { Zoom } from './stage.ts'

/** Shows a customer's page to an agent who has the PIN. */
export const AlongsideAgentSDK: AgentSdk = createAgentSdk()

/** The same object under the name that pages written for the Zoom Cobrowse SDK use. */
export const ZoomCobrowseAgentSDK: AgentSdk = AlongsideAgentSDK
