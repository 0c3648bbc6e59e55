import { randomBytes, timingSafeEqual } from 'node:crypto'
import { AlongsideError, INVITATION_WAIT_MS } from '@alongside/protocol'
import type { Clock } from '../clock.ts'
import type { Caller, Seat } from '../session/sessions.ts'
import type { Device, Tab } from './devices.ts'

/** An agent who waits for a device's page to start a session. */
interface Call {
  agent: Caller
  invitation: string
  /** Who was told last. */
  invited?: Tab
  /** Settles the agent's wait, once. */
  settle(result: Seat | AlongsideError): void
}

/** The calls under way: at most one for a device. */
export class Calls {
  readonly #calls = new Map<Device, Call>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Invites the device and resolves when its page has started. Rejects with 1112 when it goes, 1113 when it is busy and
   *  1114 when it does not answer in time. */
  begin(device: Device, agent: Caller): Promise<Seat> {
    const present = this.#calls.get(device)
    if (present?.agent.connection.open) return Promise.reject(new AlongsideError(1113))
    present?.settle(new AlongsideError(1112))
    return new Promise((resolve, reject) => {
      const invitation = randomBytes(32).toString('base64url')
      const cancel = this.#clock.after(INVITATION_WAIT_MS, () => call.settle(new AlongsideError(1114)))
      const call: Call = {
        agent,
        invitation,
        settle: (result) => {
          if (this.#calls.get(device) === call) this.#calls.delete(device)
          cancel()
          if (result instanceof AlongsideError) reject(result)
          else resolve(result)
        },
      }
      this.#calls.set(device, call)
      this.invite(device)
    })
  }

  /** Tells the tab that the customer turned to last, if an agent waits. */
  invite(device: Device): void {
    const call = this.#calls.get(device)
    const tab = device.tabs.at(-1)
    if (!call?.agent.connection.open || !tab || tab === call.invited) return
    call.invited = tab
    tab.connection.send({ type: 'invited', invitation: call.invitation, userName: call.agent.claims.userName })
  }

  /** The call of that invitation, while its agent waits. */
  find(device: Device | undefined, invitation: string): Call | undefined {
    const call = device && this.#calls.get(device)
    return call?.agent.connection.open && isSame(call.invitation, invitation) ? call : undefined
  }

  /** The device's last page is gone. */
  drop(device: Device): void {
    this.#calls.get(device)?.settle(new AlongsideError(1112))
  }
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
