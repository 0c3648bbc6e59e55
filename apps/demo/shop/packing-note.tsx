import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

const START = 'Head torch, and batteries\nRain cover\nThe good socks\nTea'

/** A note that is written straight into the page. */
export function PackingNote() {
  const note = useRef<HTMLDivElement>(null)
  const words = useSignal(countWords(START))
  useEffect(() => {
    if (note.current) note.current.innerText = START
  }, [])
  return (
    <section class="panel note">
      <h2 id="note-title">Packing list</h2>
      {/* biome-ignore lint/a11y/useSemanticElements: an editable element is the point of it. */}
      <div
        ref={note}
        class="note-paper"
        contentEditable
        role="textbox"
        tabIndex={0}
        aria-multiline="true"
        aria-labelledby="note-title"
        onInput={(event) => {
          words.value = countWords(event.currentTarget.innerText)
        }}
      />
      <p class="soft small">{words.value} words, kept on this page only</p>
    </section>
  )
}

function countWords(text: string): number {
  return text.split(/\s+/).filter(Boolean).length
}
