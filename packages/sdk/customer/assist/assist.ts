import {
  ACTION_LIFETIME_MS,
  ACTION_TYPES,
  type ActionFrame,
  type ActionResult,
  type AssistGrant,
  type AssistStopReason,
  type AssistType,
  type FrameKind,
  type ParticipantId,
  type ResultFrame,
} from '@alongside/protocol'
import type { AssistMessage, Part, PartContext } from '../part.ts'
import { Actor } from './actor.ts'
import { AssistPanel } from './assist-panel.ts'
import { forgetGrant, keepGrant, readGrant } from './kept-grant.ts'
import { readAction } from './read-action.ts'

const DEFAULT_TYPES: AssistType[] = ['scroll_page']

export function createPart(context: PartContext): Part {
  return new AssistPart(context)
}

interface Held extends AssistGrant {
  userId: string
  actor: Actor
}

/** Remote assist in the customer's page: asks, shows who acts, and does what the agent with the hand does, once each and
 *  never late. */
class AssistPart implements Part {
  readonly #context: PartContext
  readonly #panel: AssistPanel
  /** What the customer said yes to; the server has not confirmed it. */
  #answered: AssistGrant | undefined
  #held: Held | undefined
  /** Actions that were done and could still come again, by agent and id: until when. */
  readonly #done = new Map<string, number>()

  constructor(context: PartContext) {
    this.#context = context
    this.#panel = new AssistPanel(context, () => this.#stop())
  }

  tell(message: AssistMessage): void {
    switch (message.type) {
      case 'assist_requested':
        this.#ask(message)
        break
      case 'assist_withdrawn':
        this.#panel.unask(message.participant)
        this.#answered = undefined
        break
      case 'assist_started':
        this.#begin(message)
        break
      case 'assist_stopped':
        if (this.#held?.participant === message.participant) this.#end(message.reason)
        break
      case 'resumed':
        if (message.assist) this.#begin(message.assist)
        else {
          this.#end('connection_lost')
          // What the page before this one had is over, too.
          forgetGrant()
        }
    }
  }

  receive(kind: FrameKind, participant: ParticipantId, payload: Uint8Array): void {
    if (kind === 'ack') return this.#sayPage(participant)
    const frame = readAction(payload)
    if (!frame) return
    const { clock } = this.#context
    this.#say(participant, { id: frame.id, result: this.#perform(participant, frame), clock: clock.now() })
  }

  changed(): void {
    const held = this.#held
    const session = this.#context.session()
    if (session?.paused) this.#answered = undefined
    // The server says so as well; whoever stands in front of the screen should not wait for it.
    if (held && session && (session.paused || session.agents.get(held.participant)?.standing !== 'live'))
      this.#end(session.paused ? 'paused' : 'agent_left')
  }

  close(): void {
    this.#panel.close()
    this.#end('session_ended')
  }

  #ask({ participant, types }: AssistGrant): void {
    const { settings, session, send } = this.#context
    const allowed = settings.remoteAssist?.remoteAssistTypes ?? DEFAULT_TYPES
    const wanted = types.filter((type) => allowed.includes(type))
    const agent = session()?.agents.get(participant)
    const answer = (granted: boolean) => {
      const answer = { participant, types: granted ? wanted : [] }
      this.#answered = granted ? answer : undefined
      send({ type: 'assist_answer', ...answer })
    }
    if (!wanted.length || agent?.standing !== 'live') return answer(false)
    this.#panel.ask(agent, wanted, answer)
  }

  /** The server says that an agent has the hand: true only for what the customer agreed to, here or on the page before. */
  #begin({ participant, types }: AssistGrant): void {
    const { session, send, emit } = this.#context
    const current = session()
    const agent = current?.agents.get(participant)
    const known = [this.#answered, this.#held, readGrant(current?.sessionId)].find(
      (grant) => grant?.participant === participant && types.every((type) => grant.types.includes(type)),
    )
    if (!current || !agent || !known) return send({ type: 'assist_stop' })
    const before = this.#held
    if (before && before.participant === participant && before.types.length === types.length) return
    this.#end('passed')
    this.#answered = undefined
    const { userId } = agent
    this.#held = { participant, types, userId, actor: new Actor(this.#context, agent) }
    keepGrant(current.sessionId, { participant, types })
    this.#panel.show(agent)
    emit('remote_assist_started', { userId, types })
    this.#sayPage(participant)
  }

  #end(reason: AssistStopReason | 'connection_lost' | 'session_ended'): void {
    const held = this.#held
    if (!held) return
    this.#held = undefined
    // The page after this one may go on with it.
    if (reason !== 'session_ended') forgetGrant()
    held.actor.close()
    this.#panel.hide(reason === 'session_ended')
    const { userId, types } = held
    this.#context.emit('remote_assist_stopped', { userId, types, reason })
  }

  #stop(): void {
    this.#context.send({ type: 'assist_stop' })
    // A yes to another agent that is under way is taken back with it.
    this.#answered = undefined
    this.#end('stopped')
  }

  #perform(participant: ParticipantId, { id, page, until, action }: ActionFrame): ActionResult {
    const held = this.#held
    const now = this.#context.clock.now()
    if (held?.participant !== participant || !held.types.includes(ACTION_TYPES[action.do])) return 'denied'
    if (until < now || until > now + ACTION_LIFETIME_MS || !this.#isFirst(`${participant} ${id}`, until, now))
      return 'denied'
    return page === this.#context.copy() ? held.actor.perform(action) : 'gone'
  }

  /** Notes an action; false when it was done already. */
  #isFirst(name: string, until: number, now: number): boolean {
    if (this.#done.has(name)) return false
    for (const [old, end] of this.#done) {
      if (end >= now) break
      this.#done.delete(old)
    }
    this.#done.set(name, until)
    return true
  }

  /** Tells the agent which copy the numbers of its actions must be of, once it sees that one. */
  #sayPage(participant: ParticipantId): void {
    const { clock, copy, isSeen } = this.#context
    if (this.#held?.participant === participant && isSeen(participant))
      this.#say(participant, { page: copy(), clock: clock.now() })
  }

  #say(participant: ParticipantId, frame: ResultFrame): void {
    this.#context.sendFrame('result', participant, new TextEncoder().encode(JSON.stringify(frame)))
  }
}
