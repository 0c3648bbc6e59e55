import { encodeFrame } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { House } from './testing/house.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

test('SES-1 joins an agent to a customer by PIN and consent, and carries frames both ways', async () => {
  const { customer, agent } = await house.pair()
  expect(customer.pin).toMatch(/^\d{6}$/)
  expect(customer.started.sessionId).toMatch(/^[A-Za-z0-9_-]{22}$/)
  const payload = new Uint8Array([1, 2, 3])
  customer.line.socket.send(
    encodeFrame({ kind: 'content', flags: 1, peer: agent.asked.participant, sequence: 7 }, payload),
  )
  const content = encodeFrame({ kind: 'content', flags: 1, peer: 1, sequence: 7 }, payload)
  expect(new Uint8Array(await agent.line.expectFrame())).toEqual(content)
  agent.line.socket.send(encodeFrame({ kind: 'ack', flags: 0, peer: 1, sequence: 7 }))
  const ack = encodeFrame({ kind: 'ack', flags: 0, peer: agent.asked.participant, sequence: 7 })
  expect(new Uint8Array(await customer.line.expectFrame())).toEqual(ack)
  customer.line.say({ type: 'end' })
  expect(await agent.line.expect('ended')).toEqual({ type: 'ended', reason: 'customer_ended' })
  expect(await agent.line.expectClosed()).toBe(1000)
  expect(await customer.line.expect('ended')).toEqual({ type: 'ended', reason: 'customer_ended' })
})
