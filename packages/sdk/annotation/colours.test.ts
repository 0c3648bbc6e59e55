import { agentColour } from '@alongside/protocol'
import { expect, test } from 'vitest'
import { COLOURS, colourOf } from './colours.ts'

test('ANN-8 a participant draws in its own colour: an agent in the one of its name, the customer in another', () => {
  for (let participant = 2; participant < 12; participant++)
    expect(COLOURS[colourOf(participant)]!.value).toBe(agentColour(participant))
  expect(COLOURS[colourOf(1)]!.name).toBe('slate')
  expect(new Set(COLOURS.map(({ value }) => value)).size).toBe(COLOURS.length)
})
