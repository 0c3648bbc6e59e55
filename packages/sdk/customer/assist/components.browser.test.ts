import * as Select from '@radix-ui/react-select'
import { createElement as h, useState } from 'react'
// @ts-expect-error: it comes without types
import { flushSync } from 'react-dom'
// @ts-expect-error: it comes without types
import { createRoot } from 'react-dom/client'
import { afterEach, expect, test, vi } from 'vitest'
import { Acting } from './testing/acting.ts'

let acting: Acting
afterEach(() => acting.close())

const output = () => document.querySelector('output')!.textContent
/** Waits until the element that a selector names has the focus: the list moves it in tasks of its own. */
const focused = (selector: string) =>
  vi.waitFor(() => expect(document.activeElement?.matches(selector)).toBe(true), { timeout: 20_000 })

function Sizes() {
  const [size, setSize] = useState('s')
  const option = (value: string, name: string) => h(Select.Item, { value, key: value }, h(Select.ItemText, {}, name))
  return h(
    'div',
    {},
    h(
      Select.Root,
      { value: size, onValueChange: setSize },
      h(Select.Trigger, { id: 'size' }, h(Select.Value)),
      h(
        Select.Portal,
        {},
        h(Select.Content, { position: 'popper' }, h(Select.Viewport, {}, option('s', 'Small'), option('l', 'Large'))),
      ),
    ),
    h('output', {}, size),
  )
}

test('RA-70 Radix: a list in a portal is opened and chosen from by the mouse, and by keys', async () => {
  acting = new Acting('<div id="app"></div>')
  const root = createRoot(document.querySelector('#app'))
  flushSync(() => root.render(h(Sizes)))
  expect(acting.click('#size')).toBe('done')
  await focused('[role=option]')
  const large = [...document.querySelectorAll('[role=option]')].find((one) => one.textContent === 'Large')!
  expect(acting.click(large)).toBe('done')
  await focused('#size')
  expect(output()).toBe('l')
  acting.press('Enter')
  await focused('[role=option]:last-child')
  acting.press('ArrowUp')
  await focused('[role=option]:first-child')
  acting.press('Enter')
  await focused('#size')
  expect(output()).toBe('s')
  root.unmount()
})
