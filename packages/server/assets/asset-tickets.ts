import { randomBytes } from 'node:crypto'
import type { Key } from '../key.ts'
import type { Assets } from './assets.ts'

/** What a customer's ticket opens. */
export interface UploadDoor {
  way: 'upload'
  assets: Assets
  key: Key
  /** Whether an agent is in: nothing of the page is taken before. */
  isOpen(): boolean
}

/** What an agent's ticket opens. */
export interface ViewDoor {
  way: 'view'
  assets: Assets
  /** The origin of the page that the agent joined from. */
  origin: string | undefined
}

type OpenDoor = UploadDoor | (ViewDoor & { revoked: AbortSignal })

/** One participant's key to the assets of its session. */
export interface AssetTicket {
  /** 32 characters of URL-safe base64. It stands in addresses, so it must be in no log. */
  readonly value: string
  /** May be called twice. */
  revoke(): void
}

/** All tickets of this process. A ticket is found by the whole of it, so it cannot be guessed piece by piece. */
export class AssetTickets {
  readonly #doors = new Map<string, OpenDoor>()

  issue(door: UploadDoor | ViewDoor): AssetTicket {
    const value = randomBytes(24).toString('base64url')
    // An upload waits for nothing that could be told.
    const revoking = door.way === 'view' ? new AbortController() : undefined
    this.#doors.set(value, revoking ? { ...(door as ViewDoor), revoked: revoking.signal } : (door as UploadDoor))
    return {
      value,
      revoke: () => {
        this.#doors.delete(value)
        revoking?.abort()
      },
    }
  }

  /** What the ticket opens now, if it is for that way. */
  find<Way extends 'upload' | 'view'>(value: string, way: Way): Extract<OpenDoor, { way: Way }> | undefined {
    const door = this.#doors.get(value)
    if (door?.way !== way || (door.way === 'upload' && !door.isOpen())) return undefined
    return door as Extract<OpenDoor, { way: Way }>
  }
}
