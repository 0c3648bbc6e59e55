import { afterEach, expect, test } from 'vitest'
import { createPair, type Pair } from './pair/pair.ts'

// WebKit tells what is selected in a shadow root only to those who know the root (`getComposedRanges`), so that this
// file does not run there.
let pair: Pair
afterEach(() => pair.close())

test('STA-5 a selection in a shadow root is one in the copy', async () => {
  pair = await createPair({ html: '<!DOCTYPE html><html><body><div></div></body></html>' })
  const root = pair.page.querySelector('div')!.attachShadow({ mode: 'open' })
  root.innerHTML = '<p>in the shadow</p>'
  pair.flush()
  const text = root.querySelector('p')!.firstChild!
  pair.page.getSelection()!.setBaseAndExtent(text, 3, text, 6)
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  // `selectionchange` is a task of its own.
  await new Promise((resolve) => setTimeout(resolve))
  pair.flush()
  const shown = pair.copy.querySelector('div')!.shadowRoot!
  const selection = (shown as unknown as Document).getSelection?.() ?? pair.copy.getSelection()!
  expect(selection.anchorNode).toBe(shown.querySelector('p')!.firstChild)
  expect([selection.anchorOffset, selection.focusOffset]).toEqual([3, 6])
})
