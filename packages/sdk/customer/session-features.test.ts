import { expect, test } from 'vitest'
import { sessionFeatures } from './session-features.ts'
import type { CustomerSettings } from './settings.ts'

const ON = { agentAnnotation: true, customerAnnotation: true, remoteAssist: true, multiTab: true, presence: true }
const OFF = { agentAnnotation: false, customerAnnotation: false, remoteAssist: false, multiTab: false, presence: false }
const ALL: CustomerSettings = { remoteAssist: { enable: true }, multiTabSessionPersistence: { enable: true } }
const NONE: CustomerSettings = { allowAgentAnnotation: false, allowCustomerAnnotation: false }

test.each([
  ['both want it', ALL, ON, true],
  ['the key forbids it', ALL, OFF, false],
  ['the page does not want it', NONE, ON, false],
  ['nobody wants it', NONE, OFF, false],
] as const)('CFG-11 a feature is on when the page wants it and the key allows it: %s', (_name, page, features, on) => {
  const expected = { agentAnnotation: on, customerAnnotation: on, remoteAssist: on, multiTab: on }
  expect(sessionFeatures(page, { consent: 'always', features })).toEqual(expected)
})

test('CFG-11 each feature of a key stands for itself, and pages have the defaults of the contract', () => {
  const plain = { agentAnnotation: true, customerAnnotation: true, remoteAssist: false, multiTab: false }
  expect(sessionFeatures({}, { consent: 'always', features: ON })).toEqual(plain)
  for (const name of ['agentAnnotation', 'customerAnnotation', 'remoteAssist', 'multiTab'] as const) {
    const on = sessionFeatures(ALL, { consent: 'always', features: { ...ON, [name]: false } })
    expect(on).toEqual({
      agentAnnotation: true,
      customerAnnotation: true,
      remoteAssist: true,
      multiTab: true,
      [name]: false,
    })
  }
})
