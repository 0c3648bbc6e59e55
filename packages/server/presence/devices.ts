import { AlongsideError, type CustomData } from '@alongside/protocol'
import type { Clock } from '../clock.ts'
import { limitName } from '../http/client-address.ts'
import type { Key } from '../key.ts'
import type { PresenceLimits } from '../limits.ts'
import type { Connection } from '../socket/connection.ts'

/** A browser on a site of one key, while at least one of its tabs is open. */
export interface Device {
  readonly key: Key
  readonly id: string
  /** As its newest page says. */
  customData: CustomData
  /** When it came, in ms since the epoch. */
  readonly since: number
  /** The one that the customer turned to last is the last; one that was opened in the background is the first. */
  tabs: Tab[]
}

/** One page of a device, on its socket. */
export interface Tab {
  readonly device: Device
  readonly connection: Connection
}

/** How long a page that found no place waits before it tries again. */
const FULL_RETRY_S = 60

/** The devices that are present, by key. Keys know nothing of each other. */
export class Devices {
  readonly #byKey = new Map<string, Map<string, Device>>()
  readonly #tabsByAddress = new Map<string, number>()
  readonly #clock: Clock
  readonly #limits: PresenceLimits

  constructor(clock: Clock, limits: PresenceLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** Adds a page to its device. Throws 1102 when the address or the key has no more room. */
  add(connection: Connection, key: Key, id: string, customData: CustomData): Tab {
    const devices = this.#byKey.get(key.sdkKey) ?? new Map<string, Device>()
    const address = limitName(connection.address)
    const tabs = this.#tabsByAddress.get(address) ?? 0
    const present = devices.get(id)
    if (tabs >= this.#limits.perAddress || (!present && devices.size >= this.#limits.perKey))
      throw new AlongsideError(1102, undefined, { retryAfter: FULL_RETRY_S })
    const device = present ?? { key, id, customData, since: this.#clock.now(), tabs: [] }
    const tab = { device, connection }
    device.customData = customData
    device.tabs.unshift(tab)
    this.#byKey.set(key.sdkKey, devices.set(id, device))
    this.#tabsByAddress.set(address, tabs + 1)
    return tab
  }

  /** Makes a tab the one that is invited. */
  turnTo(tab: Tab): void {
    tab.device.tabs = [...tab.device.tabs.filter((other) => other !== tab), tab]
  }

  /** The device goes with its last tab. */
  remove(tab: Tab): void {
    const { device, connection } = tab
    device.tabs = device.tabs.filter((other) => other !== tab)
    decrease(this.#tabsByAddress, limitName(connection.address))
    if (device.tabs.length > 0) return
    const devices = this.#byKey.get(device.key.sdkKey)
    devices?.delete(device.id)
    if (devices?.size === 0) this.#byKey.delete(device.key.sdkKey)
  }

  find(sdkKey: string, id: string): Device | undefined {
    return this.#byKey.get(sdkKey)?.get(id)
  }

  /** All devices of a key, the latest first. */
  of(sdkKey: string): Device[] {
    return [...(this.#byKey.get(sdkKey)?.values() ?? [])].reverse()
  }
}

/** Takes one from a count, and the count itself away with the last. */
export function decrease(counts: Map<string, number>, name: string): void {
  const left = (counts.get(name) ?? 0) - 1
  if (left > 0) counts.set(name, left)
  else counts.delete(name)
}
