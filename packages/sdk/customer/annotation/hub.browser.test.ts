import type { FrameKind } from '@alongside/protocol'
import { afterEach, expect, test } from 'vitest'
import { type AgentSays, encodeSaying, type PageSays } from '../../annotation/messages.ts'
import type { Part, PartContext } from '../part.ts'
import { createPart } from './annotation.ts'

/** The part with two agents, on a clock that is moved by hand. */
class Drawing {
  readonly told: { to: number; message: PageSays }[] = []
  readonly part: Part
  now = 1_000
  #timers: { at: number; run: () => void }[] = []

  constructor() {
    document.body.innerHTML = '<button aria-label="Buy">x</button>'
    const node = document.querySelector('button')!
    const agent = (participant: number) =>
      [participant, { participant, userId: `a${participant}`, userName: 'Ana', standing: 'live' }] as const
    const session = { sessionId: 's', paused: false, agents: new Map([agent(2), agent(3)]) }
    const context = {
      settings: {},
      clock: {
        now: () => this.now,
        after: (ms: number, run: () => void) => {
          const timer = { at: this.now + ms, run }
          this.#timers.push(timer)
          return () => {
            this.#timers = this.#timers.filter((one) => one !== timer)
          }
        },
      },
      session: () => session,
      features: () => ({ agentAnnotation: true, customerAnnotation: true, remoteAssist: false }),
      nodeOf: (number: number) => (number === 1 ? node : undefined),
      numberOf: () => 1,
      sendFrame: (_kind: FrameKind, to: number, payload: Uint8Array) =>
        this.told.push({ to, message: JSON.parse(new TextDecoder().decode(payload)) }),
      layer: () => {
        const host = document.body.appendChild(document.createElement('div'))
        return { root: host.attachShadow({ mode: 'open' }), remove: () => host.remove() }
      },
      panel: { texts: {}, drawing: undefined },
    } as unknown as PartContext
    this.part = createPart(context)
  }

  say(message: AgentSays): void {
    this.part.receive('annotation', 2, encodeSaying(message))
  }

  advance(ms: number): void {
    this.now += ms
    for (const timer of this.#timers.filter(({ at }) => at <= this.now)) {
      this.#timers = this.#timers.filter((one) => one !== timer)
      timer.run()
    }
  }
}

let drawing: Drawing
afterEach(() => drawing.part.close())

test('ANN-38 agents who draw without a pause are seen by the others all the while', () => {
  drawing = new Drawing()
  for (let i = 0; i < 60; i++) {
    drawing.say({ type: 'point', tool: 'pointer', anchor: 1, x: i / 60, y: 0.5 })
    drawing.advance(5)
  }
  const points = drawing.told.filter(({ to, message }) => to === 3 && message.type === 'point')
  expect(points.length).toBeGreaterThan(10)
  expect(points.length).toBeLessThan(25)
})

test('ANN-38 of a flood of readings the page does a few', () => {
  drawing = new Drawing()
  for (let i = 0; i < 200; i++) drawing.say({ type: 'read_out', anchor: 1 })
  const read = drawing.told.filter(({ message }) => message.type === 'read_out')
  expect(read.length).toBeGreaterThan(2)
  expect(read.length).toBeLessThan(10)
})

test('ANN-38 an agent who begins anew without a pause is told so no more often than anything else', () => {
  drawing = new Drawing()
  for (let i = 0; i < 1_000; i++) {
    drawing.part.restarted?.(2)
    if (i % 10 === 0) drawing.advance(1)
  }
  const resets = drawing.told.filter(({ message }) => message.type === 'reset')
  expect(resets.length).toBeGreaterThan(2)
  expect(resets.length).toBeLessThan(10)
})
