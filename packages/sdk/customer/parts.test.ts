import { decodeHeader, encodeFrame, type FrameKind, HEADER_BYTES } from '@alongside/protocol'
import { expect, test } from 'vitest'
import type { Load, Part, PartContext } from './part.ts'
import { Parts } from './parts.ts'
import type { SessionFeatures } from './session-features.ts'
import type { OpenSession } from './session-state.ts'

const ALL: SessionFeatures = { agentAnnotation: true, customerAnnotation: true, remoteAssist: true, multiTab: true }

interface Scene {
  features?: SessionFeatures
  session?: Partial<OpenSession> | null
}

/** A session in which agent 2 looks and agent 3 is asked about, with parts that write down what they get. */
function scene({ features = ALL, session = {} }: Scene = {}) {
  const loads: string[] = []
  const seen: string[] = []
  const errors: unknown[] = []
  const gates = new Map<string, { open(): void; fail(): void }>()
  const agent = (participant: number, standing: 'asked' | 'live') =>
    [participant, { participant, userId: `${participant}`, userName: `${participant}`, standing }] as const
  const context = {
    features: () => features,
    sendFrame: (kind: FrameKind, peer: number, payload: Uint8Array) =>
      seen.push(`to ${peer} ${kind} ${new TextDecoder().decode(payload)}`),
    session: () => session && { paused: false, agents: new Map([agent(2, 'live'), agent(3, 'asked')]), ...session },
  } as unknown as PartContext
  const makePart = (name: string): Part => ({
    receive: (kind, peer, payload) => seen.push(`${name} ${kind} ${peer} ${payload[0]}`),
    changed: () => seen.push(`${name} changed`),
    close: () => seen.push(`${name} closed`),
  })
  const load = ((name: string) => {
    loads.push(name)
    return new Promise<object>((resolve, reject) => {
      gates.set(name, {
        open: () => resolve({ createPart: () => makePart(name) }),
        fail: () => reject(new Error('away')),
      })
    })
  }) as unknown as Load
  const parts = new Parts(load, context, (error) => errors.push(error))
  const receive = (kind: FrameKind, peer: number, mark: number) => {
    const bytes = encodeFrame({ kind, flags: 0, peer, sequence: 0 }, new Uint8Array([mark]))
    parts.receive(decodeHeader(bytes)!, bytes.subarray(HEADER_BYTES))
  }
  /** What has settled by now has had its turn. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return { parts, loads, seen, errors, receive, settle, gate: (name: string) => gates.get(name)! }
}

test('PRT-4 a part is loaded by the first gesture that needs it, and gets all in their order', async () => {
  const { parts, loads, seen, receive, settle, gate } = scene()
  receive('ack', 2, 0)
  parts.changed()
  expect(loads).toEqual([])
  receive('annotation', 2, 1)
  receive('annotation', 2, 2)
  receive('action', 2, 3)
  expect(loads).toEqual(['annotation', 'assist'])
  gate('annotation').open()
  await settle()
  receive('annotation', 2, 4)
  gate('assist').open()
  await settle()
  parts.changed()
  await settle()
  parts.close()
  parts.close()
  await settle()
  expect(seen).toEqual([
    'annotation annotation 2 1',
    'annotation annotation 2 2',
    'annotation annotation 2 4',
    'assist action 2 3',
    'annotation changed',
    'assist changed',
    'annotation closed',
    'assist closed',
  ])
})

test.each<[string, Scene, FrameKind, number]>([
  ['an agent that is only asked about', {}, 'annotation', 3],
  ['nobody', {}, 'annotation', 9],
  ['an agent while the customer hides the page', { session: { paused: true } }, 'annotation', 2],
  ['an agent while the line is down', { session: null }, 'action', 2],
  ['annotations that are switched off', { features: { ...ALL, agentAnnotation: false } }, 'annotation', 2],
  ['remote assist that is switched off', { features: { ...ALL, remoteAssist: false } }, 'action', 2],
  ['a result, which a customer sends', {}, 'result', 2],
])('PRT-4 nothing is loaded for %s', (_name, given, kind, peer) => {
  const { loads, receive } = scene(given)
  receive(kind, peer, 1)
  expect(loads).toEqual([])
})

test('PRT-4 a part that arrives after the end does not begin', async () => {
  const { parts, seen, receive, settle, gate } = scene()
  receive('annotation', 2, 1)
  parts.close()
  gate('annotation').open()
  await settle()
  expect(seen).toEqual([])
})

test('PRT-5 a part that cannot be loaded is told once with 1016', async () => {
  const { loads, seen, errors, receive, settle, gate } = scene()
  receive('annotation', 2, 1)
  gate('annotation').fail()
  await settle()
  receive('annotation', 2, 2)
  await settle()
  expect(errors).toMatchObject([{ code: 1016 }])
  expect({ loads, seen }).toEqual({ loads: ['annotation'], seen: [] })
})

test('ANN-50 an agent who is let in is told at once that it draws nothing here', () => {
  const { parts, loads, seen } = scene({ features: { ...ALL, agentAnnotation: false } })
  parts.changed()
  expect(seen).toEqual(['to 2 annotation {"type":"refused","code":1121}'])
  expect(loads).toEqual([])
  const allowed = scene()
  allowed.parts.changed()
  expect(allowed.seen).toEqual([])
})
