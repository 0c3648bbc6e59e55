import { expect, test } from 'vitest'
import { copied, createPicturePair, isNear, until } from './pair/picture-pair.ts'

test('STA-21 WebGL that keeps no drawing is shown, the last of a movement too', async () => {
  const pair = await createPicturePair('<canvas width=50 height=50></canvas>')
  const gl = pair.page.querySelector('canvas')!.getContext('webgl')!
  pair.flush()
  const draw = (red: number) =>
    requestAnimationFrame(() => {
      gl.clearColor(red, 0, 0.4, 1)
      gl.clear(gl.COLOR_BUFFER_BIT)
    })
  // Nothing is held of a canvas before the browser has told that it is in sight.
  await until(pair, () => {
    draw(0.1)
    return isNear(copied(pair), 25, 25, [26, 0, 102, 255])
  })
  for (let i = 2; i <= 8; i++) {
    draw(i / 10)
    await new Promise(requestAnimationFrame)
  }
  await until(pair, () => isNear(copied(pair), 25, 25, [204, 0, 102, 255]))
  expect(pair.frames.length).toBeGreaterThan(1)
  pair.close()
})
