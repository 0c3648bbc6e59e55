import { expect, test } from 'vitest'
import { agentColour } from './agent-colour.ts'

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function contrast(a: string, b: string): number {
  const [dark, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (bright! + 0.05) / (dark! + 0.05)
}

test('PNL-1 eight agents in a row have eight colours that can be read on and seen in both themes', () => {
  const colours = Array.from({ length: 8 }, (_, index) => agentColour(index + 2))
  expect(new Set(colours).size).toBe(8)
  for (const colour of colours) {
    expect(contrast(colour, '#ffffff')).toBeGreaterThanOrEqual(4.5)
    expect(contrast(colour, '#1c1f27')).toBeGreaterThanOrEqual(3)
  }
  expect(contrast('#ffffff', '#777777')).toBeCloseTo(4.48, 2)
})
