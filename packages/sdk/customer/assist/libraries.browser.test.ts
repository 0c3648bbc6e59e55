import { ACTION_KEYS } from '@alongside/protocol'
import { basicSetup, EditorView } from 'codemirror'
import flatpickr from 'flatpickr'
import Quill from 'quill'
import { createElement, useState } from 'react'
// @ts-expect-error: it comes without types
import { flushSync } from 'react-dom'
// @ts-expect-error: it comes without types
import { createRoot } from 'react-dom/client'
import { afterEach, expect, test } from 'vitest'
import { createApp, h, nextTick, ref, vModelSelect, vModelText, withDirectives } from 'vue'
import { Acting } from './testing/acting.ts'

let acting: Acting
afterEach(() => acting.close())

/** What the tests use of jQuery UI. */
type JQueryUi = (selector: string) => {
  datepicker(options: object): void
  sortable(options?: object): void
  slider(options: object): void
  slider(command: 'value'): number
}

async function jqueryUi(): Promise<JQueryUi> {
  // @ts-expect-error: it comes without types
  const { default: jQuery } = await import('jquery')
  // The second script looks for the first under this name.
  Object.assign(window, { jQuery })
  // @ts-expect-error: it comes without types
  await import('jquery-ui/dist/jquery-ui.js')
  return jQuery as JQueryUi
}

const field = <T extends HTMLElement = HTMLInputElement>(selector: string) => document.querySelector<T>(selector)!

test('RA-40 React: a controlled field, a box, a list and a button hear of what the agent does', () => {
  acting = new Acting('<div id="app"></div>')
  const entered: string[] = []
  function Form() {
    const [name, setName] = useState('')
    const [size, setSize] = useState('s')
    const [agreed, setAgreed] = useState(false)
    return createElement(
      'form',
      {
        onMouseEnter: () => entered.push('form'),
        onSubmit: (event: { preventDefault(): void }) => event.preventDefault(),
      },
      createElement('input', {
        id: 'name',
        value: name,
        onChange: ({ target }: { target: { value: string } }) => setName(target.value.toUpperCase()),
      }),
      createElement(
        'select',
        { id: 'size', value: size, onChange: ({ target }: { target: { value: string } }) => setSize(target.value) },
        createElement('option', { value: 's' }, 'Small'),
        createElement('option', { value: 'l' }, 'Large'),
      ),
      createElement('input', {
        id: 'agree',
        type: 'checkbox',
        checked: agreed,
        onChange: ({ target }: { target: { checked: boolean } }) => setAgreed(target.checked),
      }),
      createElement('output', {}, `${name} ${size} ${agreed}`),
    )
  }
  const root = createRoot(field('#app'))
  flushSync(() => root.render(createElement(Form)))
  acting.click('#name')
  for (const key of 'ada') flushSync(() => void acting.press(key))
  flushSync(() => void acting.choose('#size', 'l'))
  flushSync(() => void acting.click('#agree'))
  expect(field('output').textContent).toBe('ADA l true')
  expect(field('#name').value).toBe('ADA')
  flushSync(() => void acting.press('Backspace'))
  expect(entered).toEqual(['form'])
  root.unmount()
})

test('RA-40 Vue: fields and lists bound both ways get what the agent types and chooses', async () => {
  acting = new Acting('<div id="app"></div>')
  const name = ref('')
  const size = ref('s')
  const app = createApp({
    render: () => [
      withDirectives(h('input', { id: 'name', 'onUpdate:modelValue': (text: string) => (name.value = text) }), [
        [vModelText, name.value],
      ]),
      withDirectives(
        h('select', { id: 'size', 'onUpdate:modelValue': (text: string) => (size.value = text) }, [
          h('option', { value: 's' }, 'Small'),
          h('option', { value: 'l' }, 'Large'),
        ]),
        [[vModelSelect, size.value]],
      ),
      h('output', {}, `${name.value} ${size.value}`),
    ],
  })
  app.mount('#app')
  acting.click('#name')
  acting.type('ada')
  acting.choose('#size', 'l')
  await nextTick()
  expect(field('output').textContent).toBe('ada l')
  app.unmount()
})

test('RA-41 jQuery UI: a day is picked, a list is sorted and a slider dragged', async () => {
  acting =
    new Acting(`<input id="day"><ul id="list" style="width:200px"><li style="height:30px">one</li><li style="height:30px">two</li>
    <li style="height:30px">three</li></ul><div id="slider" style="width:200px;height:10px;position:relative"></div>
    <style>.ui-slider-handle { position:absolute; width:20px; height:20px; background:red }</style>`)
  const $ = await jqueryUi()
  $('#day').datepicker({ defaultDate: new Date(2026, 1, 1), duration: 0, dateFormat: 'yy-mm-dd' })
  $('#list').sortable()
  $('#slider').slider({ min: 0, max: 100, value: 0 })
  acting.click('#day')
  const day = [...document.querySelectorAll('#ui-datepicker-div a.ui-state-default')].find(
    (link) => link.textContent === '14',
  )!
  expect(acting.click(day)).toBe('done')
  expect(field('#day').value).toBe('2026-02-14')

  const items = [...document.querySelectorAll('#list li')]
  acting.do({ do: 'drag', from: acting.at(items[0]!, 0.1), to: acting.at(items[2]!, 0.1, 0.9) })
  expect([...document.querySelectorAll('#list li')].map((item) => item.textContent)).toEqual(['two', 'three', 'one'])

  const handle = field('.ui-slider-handle')
  acting.do({ do: 'press', at: acting.at(handle), button: 0, keys: 0 })
  acting.do({ do: 'move', at: acting.at('#slider', 0.5), keys: 0 })
  acting.do({ do: 'release', at: acting.at('#slider', 0.5), button: 0, keys: 0 })
  expect($('#slider').slider('value')).toBeGreaterThan(40)
})

test('RA-41 flatpickr: a day is picked from the calendar that a click opens', () => {
  acting = new Acting('<input id="day">')
  const picker = flatpickr('#day', { defaultDate: '2026-02-01', animate: false }) as flatpickr.Instance
  Object.assign(picker.calendarContainer.style, { position: 'absolute', background: '#fff', width: '300px' })
  acting.click('#day')
  const day = [...picker.calendarContainer.querySelectorAll('.flatpickr-day:not(.prevMonthDay)')].find(
    (one) => one.textContent === '14',
  )!
  expect(acting.click(day)).toBe('done')
  expect(field('#day').value).toBe('2026-02-14')
  picker.destroy()
})

test('RA-42 Quill: typed text, a bold command and undo', async () => {
  acting = new Acting('<div id="editor" style="height:100px"></div>')
  const quill = new Quill('#editor', { modules: { history: { delay: 0 } } })
  acting.click('.ql-editor')
  acting.type('Dear Ada')
  acting.press('Enter')
  acting.type('hello')
  await Promise.resolve()
  expect(quill.getText()).toBe('Dear Ada\nhello\n')
  acting.press('z', ACTION_KEYS.ctrl)
  await Promise.resolve()
  expect(quill.getText().length).toBeLessThan('Dear Ada\nhello\n'.length)
  acting.do({ do: 'text', text: ' pasted', composed: false })
  await Promise.resolve()
  expect(quill.getText()).toContain('pasted')
})

test('RA-42 CodeMirror: typed text with its own indentation, selection and undo', async () => {
  acting = new Acting('<div id="editor" style="height:200px"></div>')
  const view = new EditorView({ doc: '', extensions: [basicSetup], parent: field('#editor') })
  acting.click('.cm-content')
  acting.type('let a')
  // It reads what the browser has changed in a microtask.
  await new Promise((resolve) => requestAnimationFrame(resolve))
  acting.press('Enter')
  acting.type('b')
  await new Promise((resolve) => requestAnimationFrame(resolve))
  expect(view.state.doc.toString()).toBe('let a\nb')
  acting.press('z', ACTION_KEYS.ctrl)
  expect(view.state.doc.toString()).not.toBe('let a\nb')
  acting.press('a', ACTION_KEYS.ctrl)
  acting.press('Backspace')
  await new Promise((resolve) => requestAnimationFrame(resolve))
  expect(view.state.doc.toString()).toBe('')
  view.destroy()
})
