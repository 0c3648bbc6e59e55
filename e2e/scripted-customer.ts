import { PROTOCOL_VERSION } from '../packages/protocol/index.ts'
import type { RunningServer } from '../packages/server/index.ts'
import { Line } from '../packages/server/testing/line.ts'
import { ScriptedPage } from './scripted-page.ts'

/** A customer who is a script on a real line: sends what it likes. */
export class ScriptedCustomer {
  readonly line: Line
  readonly pin: string

  private constructor(line: Line, pin: string) {
    this.line = line
    this.pin = pin
  }

  static async open({ origin, port }: Pick<RunningServer, 'origin' | 'port'>): Promise<ScriptedCustomer> {
    const line = await Line.open(port)
    line.say({ type: 'start', version: PROTOCOL_VERSION, token: await tokenOf(origin, 1) })
    await line.expect('started')
    return new ScriptedCustomer(line, (await line.expect('pin')).pin)
  }

  /** Lets the agent in who asks next, and shows an empty page. */
  async show(): Promise<ScriptedPage> {
    const { participant } = await this.line.expect('agent_requested')
    this.line.say({ type: 'consent', participant, granted: true })
    await this.line.expect('agent_joined')
    const page = new ScriptedPage(participant)
    this.send(page.start())
    this.send(page.frame(() => page.viewport(1280, 800)))
    return page
  }

  send(frame: Buffer): void {
    this.line.socket.send(frame)
  }
}

/** A token for the development key. */
export async function tokenOf(origin: string, role: 1 | 2): Promise<string> {
  const answer = await fetch(`${origin}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role, userName: role === 1 ? 'Cora' : 'Ana' }),
  })
  return ((await answer.json()) as { token: string }).token
}
