import type { CustomData } from '@alongside/protocol'
import type { Device } from './devices.ts'

export interface DeviceQuery {
  /** Words that each must be part of the id or of a value, in any case. */
  search?: string
  pageSize: number
  /** The last device of the page before. */
  after?: string
}

/** A device as agents and back ends see it. Times are ms since the epoch. */
export interface ListedDevice {
  id: string
  customData: CustomData
  since: number
  tabs: number
  inSession: boolean
}

export interface DevicePage {
  devices: ListedDevice[]
  /** How many match in all. */
  total: number
  /** What `after` is for the next page; undefined on the last one. */
  next?: string
}

/** One page of the devices that match. A device that `after` names and that is gone begins the list anew. */
export function listDevices(
  devices: readonly Device[],
  { search = '', pageSize, after }: DeviceQuery,
  isBusy: (device: Device) => boolean,
): DevicePage {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = devices.filter((device) => matches(device, words))
  const begin = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1
  const page = found.slice(begin, begin + pageSize)
  const last = page.at(-1)
  return {
    devices: page.map((device) => ({
      id: device.id,
      customData: device.customData,
      since: device.since,
      tabs: device.tabs.length,
      inSession: isBusy(device),
    })),
    total: found.length,
    ...(last && begin + pageSize < found.length ? { next: last.id } : {}),
  }
}

function matches({ id, customData }: Device, words: readonly string[]): boolean {
  // Most calls only keep a list fresh, and a key may have twenty thousand devices with much to say.
  if (words.length === 0) return true
  const texts = [id, ...Object.values(customData)].map((text) => text.toLowerCase())
  return words.every((word) => texts.some((text) => text.includes(word)))
}
