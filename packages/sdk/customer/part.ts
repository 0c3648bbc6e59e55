import type { MaskPart } from '@alongside/mirror/capture'
import type { CustomerMessage, FrameKind, ParticipantId, ToCustomer } from '@alongside/protocol'
import type { Clock } from '../connection/clock.ts'
import type { Language } from './panel/language.ts'
import type { PanelKit } from './panel/session-view.ts'
import type { Texts } from './panel/texts.ts'
import type { PresenceOptions } from './presence/presence.ts'
import type { CoreOptions, SessionCore } from './session-core.ts'
import type { SessionEvents } from './session-events.ts'
import type { SessionFeatures } from './session-features.ts'
import type { OpenSession } from './session-state.ts'
import type { CustomerSettings } from './settings.ts'

/** What the server says of remote assist; `resumed` brings who had the hand when the line was lost. */
export type AssistMessage = Extract<ToCustomer, { type: 'resumed' | `assist_${string}` }>

/** What a customer can draw with. */
export const CUSTOMER_TOOLS = ['pen', 'vanishing_pen', 'highlighter', 'rectangle', 'arrow', 'eraser'] as const
export type CustomerTool = (typeof CUSTOMER_TOOLS)[number]

/** What a part can use of the session that it belongs to. */
export interface PartContext {
  readonly settings: CustomerSettings
  readonly clock: Clock
  /** Who is there and whether the customer hides the page; undefined while the line is down. */
  session(): OpenSession | undefined
  /** What page and key allow; undefined without a session. */
  features(): SessionFeatures | undefined
  /** Names the copy that all numbers of nodes belong to: another page, or a copy that began anew, has another one. */
  copy(): number
  /** Whether an agent shows the copy that is being sent to it. */
  isSeen(participant: ParticipantId): boolean
  /** What the mask says of a node, as `MASK` counts. */
  maskOf(node: Node): number
  /** Whether an element is the SDK's own: agents do not see it. */
  isOurs(node: Node): boolean
  /** An address of a trusted site with which the session goes on there. Rejects for another site. */
  handOff(url: string): Promise<{ url: string }>
  /** The node that agents mean by a number; undefined when it has left the page, or no agent looks. */
  nodeOf(number: number): Node | undefined
  numberOf(node: Node): number | undefined
  /** Begins a stream as agents get it: `send` takes its frames. The returned function ends it and may be called twice. */
  watch(send: (frame: Uint8Array<ArrayBuffer>) => void): () => void
  /** The page's own address of a picture or font that frames name by a key. */
  addressOf(key: string): string | undefined
  /** At most `MAX_GESTURE_BYTES` with its header. Lost when the line is down. */
  sendFrame(kind: FrameKind, participant: ParticipantId, payload: Uint8Array): void
  send(message: CustomerMessage): void
  emit<Name extends keyof SessionEvents>(event: Name, payload: Omit<SessionEvents[Name], 'sessionId'>): void
  /** A new element over the whole page, above its dialogs and below the panel, which is not mirrored and lets the
   *  pointer through. Its closed root takes the part's own elements and sheets. `remove` may be called twice. */
  layer(): { root: ShadowRoot; remove(): void }
  /** Questions and cards in the look of the panel. */
  readonly panel: PanelKit
}

/** A part that is loaded when it is first needed, and lives until the session ends or its page gives it away. */
export interface Part {
  receive(kind: FrameKind, participant: ParticipantId, payload: Uint8Array): void
  /** Somebody joined or left, the customer paused or went on, or all agents see a new copy of the page. */
  changed?(): void
  tell?(message: AssistMessage): void
  /** The customer wants to draw, or no longer. The part sets `PanelKit.drawing` to what it is. Throws 1011, 1103
   *  or 1121 when they cannot. */
  draw?(on: boolean, tool?: CustomerTool): void
  /** An agent's copy of the page begins anew. */
  restarted?(participant: ParticipantId): void
  /** Takes back everything that it put on the page. May be called twice. */
  close(): void
  /** The customer wants to see what the part shows. */
  open?(): void
}

interface PartModule {
  createPart(context: PartContext): Part
}

/** Everything that is not in the loader. */
export interface Modules extends Record<`texts-${Language}`, { TEXTS: Partial<Texts> }> {
  core: { createCore(options: CoreOptions): SessionCore }
  quiet: MaskPart
  picture: typeof import('@alongside/mirror/capture/pictures')
  animation: typeof import('@alongside/mirror/capture/animations')
  presence: { Presence: new (options: PresenceOptions) => import('./presence/presence.ts').Presence }
  errors: { ERRORS: object }
  'leave-site': typeof import('./leave-site.ts')
  annotation: PartModule
  assist: PartModule
  preview: PartModule
  guests: { hostGuests: typeof import('./guests/guest-host.ts').hostGuests }
}

export type PartName = 'annotation' | 'assist' | 'preview'

/** How the rest gets here: a script's import from the server, or a package's own chunks. */
export type Load = <Name extends keyof Modules>(name: Name) => Promise<Modules[Name]>
