import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeKey } from '../key.ts'
import { ApiCaller } from '../testing/api-caller.ts'
import { API_SECRET, House, KEY, SECRET } from '../testing/house.ts'

const OTHER = { ...makeKey('other', SECRET), apiKey: 'other-api', apiSecrets: [API_SECRET] }

let house: House
let caller: ApiCaller
beforeEach(async () => {
  house = await House.open({ keys: [KEY, OTHER] })
  caller = new ApiCaller(house)
})
afterEach(() => house.close())

test('REST-30 ends a session of the key and tells everybody in it', async () => {
  const { customer, agent } = await house.pair()
  const { sessionId } = customer.started
  const path = `/alongside/sessions/${sessionId}/end`
  expect(await new ApiCaller(house, 'other-api').refusal(path, 'POST')).toMatchObject({ status: 404, code: 30300 })
  expect(await caller.ok(path, 'POST')).toEqual({ session_id: sessionId })
  for (const { line } of [customer, agent]) {
    expect(await line.expect('ended')).toEqual({ type: 'ended', reason: 'operator_ended' })
    expect(await line.expectClosed()).toBe(1000)
  }
  expect(house.server.counts().sessions).toBe(0)
  expect(await caller.refusal(path, 'POST')).toMatchObject({
    status: 404,
    code: 30300,
    message: 'Session does not exist',
  })
})
