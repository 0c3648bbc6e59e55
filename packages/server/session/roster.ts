import { type AgentConnection, AlongsideError, type ParticipantId, type ToAgent } from '@alongside/protocol'
import type { Connection } from '../socket/connection.ts'
import type { Agent } from './agent.ts'

/** The agents of one session, from the right PIN until they are gone. */
export class Roster {
  readonly #agents = new Map<ParticipantId, Agent>()
  readonly #maxAgents: number

  constructor(maxAgents: number) {
    this.#maxAgents = maxAgents
  }

  /** Throws 1013 when the session is full and 1015 when the user is in it already. An agent whose line is down keeps no
   *  place from its own user: a page that was loaded again cannot come back by itself. */
  checkRoom(userId: string): void {
    const present = this.all().filter((agent) => agent !== this.findLost(userId))
    if (present.length >= this.#maxAgents) throw new AlongsideError(1013)
    if (present.some((agent) => agent.info.userId === userId)) throw new AlongsideError(1015)
  }

  /** The agent of that user whose line is down. */
  findLost(userId: string): Agent | undefined {
    return this.all().find(({ info, state }) => info.userId === userId && state.name === 'lost')
  }

  add(agent: Agent): void {
    this.#agents.set(agent.info.participant, agent)
  }

  get(participant: ParticipantId): Agent | undefined {
    return this.#agents.get(participant)
  }

  all(): Agent[] {
    return [...this.#agents.values()]
  }

  /** Those that the customer let in, also while their line is down. */
  granted(): Agent[] {
    return this.all().filter((agent) => agent.granted)
  }

  /** What whoever comes in must know of the agents: whose line is down. One that was too slow is not there for anybody. */
  get lineNews(): AgentConnection[] {
    return this.granted()
      .filter(({ state }) => state.name === 'lost' && state.reason === 'connection_lost')
      .map(({ info: { participant } }) => ({ type: 'agent_connection', participant, connected: false }))
  }

  /** The agent on that line, if it is its present one. */
  on(connection: Connection, participant: ParticipantId): Agent | undefined {
    const agent = this.#agents.get(participant)
    return agent?.connection === connection ? agent : undefined
  }

  remove(agent: Agent): void {
    agent.close()
    this.#agents.delete(agent.info.participant)
  }

  send(message: ToAgent, to: readonly Agent[] = this.all()): void {
    for (const agent of to) agent.connection?.send(message)
  }
}
