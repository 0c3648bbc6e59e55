import { expect, test } from 'vitest'
import type { Mark } from './mark.ts'
import { touches } from './touch.ts'

const BOX = { x: 100, y: 100, width: 200, height: 100 }

function mark(tool: Mark<string>['tool'], points: number[], text = ''): Mark<string> {
  return { id: 1, key: '2.1', author: 2, revision: 1, tool, colour: 0, anchor: 'a', points, text, done: true }
}

test.each([
  ['a stroke, between its points', mark('pen', [0, 0, 1, 0]), { x: 200, y: 107 }, true],
  ['beside a stroke', mark('pen', [0, 0, 1, 0]), { x: 200, y: 125 }, false],
  ['the edge of a rectangle', mark('rectangle', [0, 0, 1, 1]), { x: 300, y: 150 }, true],
  ['the inside of a rectangle', mark('rectangle', [0, 0, 1, 1]), { x: 200, y: 150 }, false],
  ['an arrow', mark('arrow', [0, 0, 1, 1]), { x: 200, y: 150 }, true],
  ['the outline of an element', mark('element', []), { x: 100, y: 150 }, true],
  ['its note', mark('element', [], 'here'), { x: 110, y: 215 }, true],
  ['a text', mark('text', [0.5, 0.5], 'Press this'), { x: 220, y: 160 }, true],
  ['beside a text', mark('text', [0.5, 0.5], 'Press this'), { x: 180, y: 160 }, false],
  ['a single point', mark('pen', [0.5, 0.5]), { x: 204, y: 152 }, true],
] as const)('ANN-7 the eraser takes what it touches: %s', (_name, drawn, at, expected) => {
  expect(touches(drawn, BOX, at)).toBe(expected)
})
