import type { Page } from 'playwright'
import { expect } from 'vitest'
import { ERRORS, type ErrorCode } from '../packages/protocol/index.ts'

type Side = 'customer' | 'agent'
type Session = Record<string, (...given: unknown[]) => Promise<{ success: boolean; error?: { code: number } }>>

/** Makes a call of a session with a callback; `meanwhile` names a call that is made right before and not awaited. */
export function call(page: Page, side: Side, method: string, options?: object, meanwhile?: string) {
  return page.evaluate(
    async ([side, method, options, meanwhile]) => {
      const session = window[side] as unknown as Session
      const given = options ? [options] : []
      if (meanwhile) void session[meanwhile]?.(...(meanwhile === 'end' ? [] : given))
      const before = window.events.length
      const called: object[] = []
      const answer = await session[method]?.(...given, (result: object) => called.push(result))
      await new Promise((resolve) => queueMicrotask(() => resolve(undefined)))
      const told = window.events.slice(before).filter(([name]) => name === 'session_error')
      return { answer, called, told: told.map(([, payload]) => payload) }
    },
    [side, method, options, meanwhile] as const,
  )
}

export type Outcome = Awaited<ReturnType<typeof call>>

/** The same error in promise, callback and event, with the name of the table and a text that holds no secret. */
export function expectRefused({ answer, called, told }: Outcome, code: ErrorCode, secrets: string[] = []): void {
  const error = { code, name: ERRORS[code].name, errorMsg: expect.stringMatching(/^\w.*[a-z\d]\. [A-Z].*\.$/) }
  expect(answer).toEqual({ success: false, error: expect.objectContaining(error) })
  expect(called).toEqual([answer])
  expect(told).toEqual([{ sessionId: expect.any(String), ...answer?.error }])
  for (const secret of secrets) expect(JSON.stringify(answer)).not.toContain(secret)
}
