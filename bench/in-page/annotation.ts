import { encodeSaying } from '../../packages/sdk/annotation/messages.ts'
import { createPart } from '../../packages/sdk/customer/annotation/annotation.ts'
import type { PartContext } from '../../packages/sdk/customer/part.ts'

declare global {
  interface Window {
    /** So many agents draw and point in each of the frames, while the page scrolls. Answers how many frames we still ask for
     *  once everything is cleared. */
    measureAnnotation(agents: number, frames: number): Promise<number>
  }
}

const FEATURES = { agentAnnotation: true, customerAnnotation: true, remoteAssist: false, multiTab: false }

window.measureAnnotation = async (agents, frames) => {
  const nextFrame = requestAnimationFrame.bind(window)
  let asked = 0
  window.requestAnimationFrame = (run) => {
    asked++
    return nextFrame(run)
  }
  const cards = [...document.querySelectorAll('.card')]
  const seats = Array.from({ length: agents }, (_, index) => index + 2)
  const agent = (participant: number) =>
    [participant, { participant, userId: '', userName: `Agent ${participant}`, standing: 'live' }] as const
  const part = createPart({
    clock: { now: () => performance.now(), after: (ms: number, run: () => void) => later(ms, run) },
    session: () => ({ paused: false, agents: new Map(seats.map(agent)) }),
    features: () => FEATURES,
    nodeOf: (number: number) => cards[number],
    numberOf: (node: Node) => cards.indexOf(node as Element),
    sendFrame() {},
    layer,
    panel: { texts: {} },
  } as unknown as PartContext)
  const say = (participant: number, message: object) =>
    part.receive('annotation', participant, encodeSaying(message as never))
  const mark = { tool: 'pen', colour: 0, points: [0, 0], text: '', done: false }
  for (const seat of seats) say(seat, { type: 'put', id: 1, anchor: seat * 3, ...mark })
  for (let frame = 0; frame < frames; frame++) {
    await new Promise((resolve) => nextFrame(resolve))
    for (const seat of seats) {
      say(seat, { type: 'extend', id: 1, points: [Math.sin(frame / 9), frame / 99, Math.cos(frame / 7), frame / 98] })
      say(seat, { type: 'point', tool: 'laser', anchor: seat, x: (frame % 90) / 90, y: 0.5 })
    }
    window.scrollBy(0, frame % 2 ? 3 : -2)
  }
  for (const seat of seats) {
    say(seat, { type: 'rest' })
    say(seat, { type: 'clear', whose: 'all' })
  }
  for (let frame = 0; frame < 60; frame++) await new Promise((resolve) => nextFrame(resolve))
  asked = 0
  for (let frame = 0; frame < 60; frame++) await new Promise((resolve) => nextFrame(resolve))
  part.close()
  window.requestAnimationFrame = nextFrame
  return asked
}

function later(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

function layer() {
  const host = document.body.appendChild(document.createElement('div'))
  host.style.cssText = 'position: fixed; inset: 0; pointer-events: none'
  return { root: host.attachShadow({ mode: 'open' }), remove: () => host.remove() }
}
