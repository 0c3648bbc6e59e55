import { expect, test } from 'vitest'
import { deflate, inflate } from './compression.ts'

test('CON-213 what is deflated inflates to the same bytes', async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * index) % 251)
  const small = await deflate(bytes)
  expect(small.length).toBeLessThan(bytes.length)
  expect(await inflate(small, bytes.length)).toEqual(bytes)
})

test('CON-214 a frame that inflates to more than the limit is refused', async () => {
  const bomb = await deflate(new Uint8Array(8 * 1024 * 1024))
  expect(bomb.length).toBeLessThan(20_000)
  await expect(inflate(bomb, 1024 * 1024)).rejects.toThrow(RangeError)
  await expect(inflate(bomb, 8 * 1024 * 1024)).resolves.toHaveLength(8 * 1024 * 1024)
})

test('CON-214 bytes that are no deflate stream are refused', async () => {
  await expect(inflate(new Uint8Array([1, 2, 3, 4]), 100)).rejects.toThrow()
})
