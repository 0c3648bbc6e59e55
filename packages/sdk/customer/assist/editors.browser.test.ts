import { ACTION_KEYS } from '@alongside/protocol'
import { createEmptyHistoryState, registerHistory } from '@lexical/history'
import { registerRichText } from '@lexical/rich-text'
import { $getRoot, createEditor } from 'lexical'
import { baseKeymap, toggleMark } from 'prosemirror-commands'
import { history, redo, undo } from 'prosemirror-history'
import { keymap } from 'prosemirror-keymap'
import { schema } from 'prosemirror-schema-basic'
import { EditorState } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import { afterEach, expect, test } from 'vitest'
import { Acting } from './testing/acting.ts'

let acting: Acting
afterEach(() => acting.close())

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/** Each key is an action of its own, and an editor has done what is to be done between two. */
async function type(text: string): Promise<void> {
  for (const key of text) {
    acting.press(key)
    await Promise.resolve()
  }
}

test('RA-42 ProseMirror: typed text, a new paragraph, a bold command, pasted text and undo', async () => {
  acting = new Acting('<div id="editor" style="white-space:pre-wrap"></div>')
  const keys = keymap({ 'Mod-z': undo, 'Mod-y': redo, 'Mod-b': toggleMark(schema.marks.strong) })
  const view = new EditorView(document.querySelector('#editor'), {
    state: EditorState.create({ schema, plugins: [history(), keys, keymap(baseKeymap)] }),
  })
  const paragraphs = () => view.state.doc.content.content.map((node) => node.textContent)
  acting.click('.ProseMirror')
  acting.type('Dear Ada')
  await nextFrame()
  acting.press('Enter')
  acting.press('b', ACTION_KEYS.ctrl)
  acting.type('hello')
  await nextFrame()
  expect(paragraphs()).toEqual(['Dear Ada', 'hello'])
  expect(document.querySelector('#editor strong')?.textContent).toBe('hello')
  acting.do({ do: 'text', text: ' pasted', composed: false })
  await nextFrame()
  expect(paragraphs()).toEqual(['Dear Ada', 'hello pasted'])
  acting.press('z', ACTION_KEYS.ctrl)
  expect(paragraphs().join()).not.toContain('pasted')
  acting.press('a', ACTION_KEYS.ctrl)
  await nextFrame()
  acting.press('Backspace')
  await nextFrame()
  expect(paragraphs()).toEqual([''])
  view.destroy()
})

test('RA-42 Lexical: typed text, a new paragraph, composed and pasted text, and undo', async () => {
  acting = new Acting('<div id="editor" contenteditable="true"></div>')
  const editor = createEditor({
    onError: (error) => {
      throw error
    },
  })
  editor.setRootElement(document.querySelector('#editor'))
  const stops = [registerRichText(editor), registerHistory(editor, createEmptyHistoryState(), 0)]
  await nextFrame()
  const text = () => editor.read(() => $getRoot().getTextContent())
  acting.click('#editor')
  await nextFrame()
  await type('Dear Ada')
  await nextFrame()
  acting.press('Enter')
  await nextFrame()
  await type('hello')
  await nextFrame()
  expect(text()).toBe('Dear Ada\n\nhello')
  acting.do({ do: 'text', text: ' pasted', composed: false })
  await nextFrame()
  expect(text()).toBe('Dear Ada\n\nhello pasted')
  acting.press('z', ACTION_KEYS.ctrl)
  await nextFrame()
  expect(text()).not.toContain('pasted')
  for (const stop of stops) stop()
})
