import type { FrameKind } from '@alongside/protocol'
import { afterEach, expect, test } from 'vitest'
import { type AgentSays, encodeSaying, type PageSays } from '../../annotation/messages.ts'
import type { Part, PartContext } from '../part.ts'
import { createPart } from './annotation.ts'

/** The part with two agents, on a clock that is moved by hand. */
class Drawing {
  readonly told: { to: number; message: PageSays }[] = []
  readonly part: Part
  readonly panel = document.createElement('div')
  now = 1_000
  #timers: { at: number; run: () => void }[] = []

  constructor(agents = 2) {
    document.body.innerHTML = '<button aria-label="Buy">x</button>'
    const node = document.querySelector('button')!
    const agent = (participant: number) =>
      [participant, { participant, userId: `a${participant}`, userName: 'Ana', standing: 'live' }] as const
    const settings = { recording: 'on' }
    const session = {
      sessionId: 's',
      paused: false,
      settings,
      agents: new Map(Array.from({ length: agents }, (_, index) => agent(index + 2))),
    }
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
      maskOf: (one: Node) => (one instanceof Element && one.closest('.m') ? 1 : 0),
      sendFrame: (_kind: FrameKind, to: number, payload: Uint8Array) =>
        this.told.push({ to, message: JSON.parse(new TextDecoder().decode(payload)) }),
      layer: () => {
        const host = document.body.appendChild(document.createElement('div'))
        return { root: host.attachShadow({ mode: 'open' }), remove: () => host.remove() }
      },
      panel: { texts: {}, drawing: undefined, host: this.panel },
    } as unknown as PartContext
    this.part = createPart(context)
  }

  say(message: AgentSays, from = 2): void {
    this.part.receive('annotation', from, encodeSaying(message))
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
    drawing.say({ type: 'point', tool: 'pointer', colour: 0, anchor: 1, x: i / 60, y: 0.5 })
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

test.for([
  ['<b></b>', false],
  ['<b></b><i class="m"></i>', true],
  ['<b></b><i class="m" aria-label="SECRET"></i>', true],
  ['<b></b><i class="m">SECRET</i>', true],
  ['<b>word</b><i class="m"></i>', true],
] as const)('MSK-65 whether an element says anything tells nothing of what is masked in it: %s', ([html, done]) => {
  drawing = new Drawing()
  const button = document.querySelector('button')!
  button.removeAttribute('aria-label')
  button.innerHTML = html
  drawing.say({ type: 'read_out', anchor: 1 })
  expect(drawing.told.at(-1)?.message).toEqual({ type: 'read_out', done })
})

test('MSK-65 nor does a masked element itself', () => {
  drawing = new Drawing()
  const button = document.querySelector('button')!
  button.className = 'm'
  const asked = ['SECRET', ''].map((text) => {
    button.setAttribute('aria-label', text)
    button.textContent = text
    drawing.say({ type: 'read_out', anchor: 1 })
    return drawing.told.at(-1)?.message
  })
  expect(asked).toEqual([
    { type: 'read_out', done: true },
    { type: 'read_out', done: true },
  ])
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

test('ANN-51 a recording is told what is drawn as agents are, from nothing on, and all of it when it begins anew', () => {
  drawing = new Drawing()
  const kept = () => drawing.told.filter(({ to }) => to === 0).map(({ message }) => message.type)
  expect(kept()).toEqual(['reset'])
  const points = [0, 0, 1, 1]
  drawing.say({ type: 'put', id: 1, tool: 'pen', colour: 0, anchor: 1, points, text: '', done: true })
  drawing.say({ type: 'point', tool: 'laser', colour: 7, anchor: 1, x: 0.5, y: 0.5 })
  drawing.advance(20)
  expect(kept()).toEqual(['reset', 'put', 'point'])
  drawing.part.restarted?.(0)
  drawing.advance(20)
  expect(kept().slice(3)).toEqual(['reset', 'put'])
})

test('ANN-2 the others are told to the millisecond when what the vanishing pen drew is gone', () => {
  drawing = new Drawing()
  const gone = () => drawing.told.filter(({ to, message }) => to === 3 && message.type === 'remove').length
  const mark = { colour: 0, anchor: 1, points: [0, 0, 1, 1], text: '', done: true }
  drawing.say({ type: 'put', id: 1, tool: 'vanishing_pen', ...mark })
  drawing.advance(20)
  drawing.advance(3_979)
  drawing.advance(0)
  expect(gone()).toBe(0)
  drawing.advance(1)
  drawing.advance(16)
  expect(gone()).toBe(1)
})

test('ANN-38 five agents draw at once, and each is told every point of the others and none of its own', () => {
  drawing = new Drawing(5)
  const seats = [2, 3, 4, 5, 6]
  const mark = { colour: 0, anchor: 1, points: [0, 0], text: '', done: false }
  for (const seat of seats) drawing.say({ type: 'put', id: 1, tool: 'pen', ...mark }, seat)
  for (let step = 1; step <= 200; step++) {
    for (const seat of seats) drawing.say({ type: 'extend', id: 1, points: [step / 200, seat / 10] }, seat)
    drawing.advance(5)
  }
  drawing.advance(20)
  for (const seat of seats) {
    const points = new Map<number, number>()
    for (const { to, message } of drawing.told)
      if (to === seat && (message.type === 'put' || message.type === 'extend'))
        points.set(message.author, (points.get(message.author) ?? 0) + message.points.length / 2)
    expect(Object.fromEntries(points)).toEqual(
      Object.fromEntries(seats.filter((other) => other !== seat).map((other) => [other, 201])),
    )
  }
})

test('ANN-90 the panel makes room for what is drawn, at most every 10 seconds and not while the customer is at it', () => {
  drawing = new Drawing()
  const { panel } = drawing
  const places = {
    'bottom-right': 'auto 0 0 auto',
    'bottom-left': 'auto auto 0 0',
    'top-left': '0 auto auto 0',
    'top-right': '0 0 auto auto',
  }
  const sheet = Object.entries(places).map(([name, inset]) => `#panel[data-position=${name}] { inset: ${inset} }`)
  document.body.insertAdjacentHTML(
    'beforeend',
    `<style>#panel { position: fixed; width: 90px; height: 60px } ${sheet.join('')}</style>`,
  )
  panel.id = 'panel'
  document.body.append(panel)
  const button = document.querySelector('button')!
  let id = 1
  /** Draws a rectangle around a button that is in a corner, and says where the panel is then. */
  const frame = (corner: keyof typeof places) => {
    button.style.cssText = `position: fixed; inset: ${places[corner]}`
    const points = [0, 0, 1, 1]
    drawing.say({ type: 'put', id: id++, tool: 'rectangle', colour: 0, anchor: 1, points, text: '', done: true })
    drawing.advance(20)
    return panel.dataset.position
  }
  panel.dataset.position = 'bottom-right'
  expect(frame('top-left')).toBe('bottom-right')
  expect(frame('bottom-right')).toBe('bottom-left')
  expect(frame('bottom-left')).toBe('bottom-left')
  drawing.advance(10_000)
  panel.dispatchEvent(new PointerEvent('pointermove'))
  expect(frame('bottom-left')).toBe('bottom-left')
  drawing.advance(3_000)
  expect(frame('bottom-left')).toBe('top-left')
  drawing.advance(10_000)
  button.style.cssText = 'position: fixed; inset: 0; width: 100vw; height: 100vh'
  drawing.say({ type: 'put', id, tool: 'element', colour: 0, anchor: 1, points: [], text: 'here', done: true })
  expect(panel.dataset.position).toBe('top-left')
})
