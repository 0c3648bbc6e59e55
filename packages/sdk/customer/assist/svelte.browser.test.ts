import { flushSync, mount, unmount } from 'svelte'
import { afterEach, expect, test } from 'vitest'
import { Acting } from './testing/acting.ts'
import OrderForm from './testing/order-form.svelte'

let acting: Acting
afterEach(() => acting.close())

test('RA-40 Svelte: what is bound both ways gets what the agent types, chooses and ticks, and buttons are pressed', async () => {
  acting = new Acting('<div id="app"></div>')
  const heard: string[] = []
  const form = mount(OrderForm, { target: document.querySelector('#app')!, props: { heard } })
  acting.click('#name')
  acting.type('ada')
  acting.press('Backspace')
  acting.click('#note')
  acting.type('hi')
  acting.choose('#size', 'l')
  acting.click('#agree')
  acting.click('#fetch')
  acting.click('#send')
  acting.click('#name')
  acting.press('Enter')
  flushSync()
  expect(document.querySelector('output')!.textContent).toBe('ad hi l true fetch 2')
  expect(heard).toEqual(['change'])
  await unmount(form)
})
