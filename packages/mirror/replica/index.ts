export interface ReplicaOptions {
  /** Address of the inert frame document (`/replica` of the server), same origin as the page that calls. */
  frameUrl: string
  /** The customer's viewport, in CSS pixels, whenever it changes. */
  onViewport?(size: { width: number; height: number }): void
}

/** A copy of a customer's page in a sandboxed frame without scripts. */
export interface Replica {
  /** The frame, to be placed and scaled by the caller; its size follows the customer's viewport. */
  readonly element: HTMLIFrameElement
  /** Applies one frame. Throws `WireError` on any other base or malformed bytes; the replica is unusable then. */
  apply(frame: Uint8Array): void
  close(): void
}

/** Puts an empty replica into `parent` and resolves when its frame takes content. */
export function createReplica(_parent: HTMLElement, _options: ReplicaOptions): Promise<Replica> {
  throw new Error('replica')
}
