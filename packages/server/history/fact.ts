import type { EndReason, LeaveReason } from '@alongside/protocol'

export interface SessionName {
  sdkKey: string
  /** 22 characters. */
  sessionId: string
}

/** Somebody in a session, from one join to one leave. */
export interface Person {
  /** Unique: who joins anew has another. */
  connectionId: string
  userId: string
  userName: string
  role: 'customer' | 'agent'
  address: string
}

/** What happened, and when (ms since the epoch). None holds page content or a secret. */
export type Fact = { time: number } & (
  | (SessionName & { type: 'started'; customer: Person; origin?: string })
  | (SessionName & { type: 'pin_shown'; pin: string })
  | (SessionName & { type: 'joined'; person: Person })
  /** The person was in: one that was never let in is only spoken of by `audit`. */
  | (SessionName & { type: 'left'; person: Person; reason: LeaveReason })
  /** Whoever is still in leaves with it. */
  | (SessionName & { type: 'ended'; reason: EndReason | 'abandoned' })
  | AuditFact
)

/** Somebody did something that an auditor may ask for. */
export interface AuditFact {
  type: 'audit'
  sdkKey: string
  /** What was done, such as `agent.declined`. */
  action: string
  sessionId?: string
  person?: Partial<Person>
  details?: Record<string, string | number | boolean>
}
