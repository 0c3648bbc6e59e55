import { encodeSaying } from '../../packages/sdk/annotation/messages.ts'
import { createPart } from '../../packages/sdk/customer/annotation/annotation.ts'
import type { PartContext } from '../../packages/sdk/customer/part.ts'

declare global {
  interface Window {
    /** Agents draw and point in each frame. Answers how many frames we still ask for once everything is cleared. */
    measureAnnotation(scene: AnnotationScene): Promise<number>
  }
}

export interface AnnotationScene {
  agents: number
  /** Marks that are on the page already. */
  marks: number
  /** Whether the page scrolls with each frame. */
  scrolls: boolean
  /** Whether the page takes what the agents say. Otherwise they only say it, which costs the bench and no customer. */
  heard: boolean
  frames: number
}

const FEATURES = { agentAnnotation: true, customerAnnotation: true, remoteAssist: false, multiTab: false }

window.measureAnnotation = async ({ agents, marks, scrolls, heard, frames }) => {
  const nextFrame = requestAnimationFrame.bind(window)
  let asked = 0
  window.requestAnimationFrame = (run) => {
    asked++
    return nextFrame(run)
  }
  const cards = [...document.querySelectorAll('.card')]
  const numbers = new Map(cards.map((card, number) => [card as Node, number]))
  const seats = Array.from({ length: agents }, (_, index) => index + 2)
  const agent = (participant: number) =>
    [participant, { participant, userId: '', userName: `Agent ${participant}`, standing: 'live' }] as const
  const part = createPart({
    clock: { now: () => performance.now(), after: (ms: number, run: () => void) => later(ms, run) },
    session: () => ({ paused: false, settings: {}, agents: new Map(seats.map(agent)) }),
    features: () => FEATURES,
    nodeOf: (number: number) => cards[number],
    numberOf: (node: Node) => numbers.get(node),
    sendFrame() {},
    layer,
    panel: { host: document.createElement('div'), texts: {} },
  } as unknown as PartContext)
  const say = (participant: number, message: object) => {
    const payload = encodeSaying(message as never)
    if (heard) part.receive('annotation', participant, payload)
  }
  const mark = { tool: 'pen', colour: 0, points: [0, 0], text: '', done: false }
  const curve = Array.from({ length: 60 }, (_, index) => [index / 60, 0.5 + Math.sin(index / 5) / 3]).flat()
  for (let id = 2; agents && id < marks + 2; id++)
    say(2 + (id % agents), { type: 'put', id, anchor: id % 40, ...mark, points: curve, done: true })
  for (const seat of seats) say(seat, { type: 'put', id: 1, anchor: seat * 3, ...mark })
  for (let frame = 0; frame < frames; frame++) {
    await new Promise((resolve) => nextFrame(resolve))
    for (const seat of seats) {
      say(seat, { type: 'extend', id: 1, points: [...scribble(frame), ...scribble(frame + 0.5)] })
      say(seat, { type: 'point', tool: 'laser', colour: 7, anchor: seat, x: (frame % 90) / 90, y: 0.5 })
    }
    if (scrolls) window.scrollBy(0, frame % 2 ? 3 : -2)
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

/** As a hand draws: some pixels with each frame, round and round. */
function scribble(frame: number): [number, number] {
  return [0.5 + Math.sin(frame / 9) / 2, 0.2 + frame / 250 + Math.cos(frame / 7) / 5]
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
