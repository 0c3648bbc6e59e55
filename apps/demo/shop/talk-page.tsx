import { Pause, Play, Send } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'
import { isGrowing, type Message, messages, say, startTalk } from './talk.ts'

export function TalkPage() {
  useEffect(startTalk, [])
  return (
    <section class="page page-talk">
      <div class="talk-head">
        <div>
          <h1>Shop talk</h1>
          <p class="soft">{messages.value.length} messages so far</p>
        </div>
        <button
          class="button"
          type="button"
          aria-pressed={!isGrowing.value}
          onClick={() => {
            isGrowing.value = !isGrowing.value
          }}
        >
          <Icon node={isGrowing.value ? Pause : Play} size={16} />
          {isGrowing.value ? 'Pause' : 'Go on'}
        </button>
      </div>
      <MessageList />
      <Write />
    </section>
  )
}

/** Stays at the newest message unless the reader has scrolled up. */
function MessageList() {
  const list = useRef<HTMLOListElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    if (list.current && isAtEnd.current) list.current.scrollTop = list.current.scrollHeight
  }, [messages.value])
  return (
    <ol
      ref={list}
      class="messages"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label="Messages"
      onScroll={({ currentTarget: box }) => {
        isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40
      }}
    >
      {messages.value.map((message) => (
        <Bubble key={message.id} message={message} />
      ))}
    </ol>
  )
}

function Bubble({ message }: { message: Message }) {
  return (
    <li class={`bubble bubble-${message.side}`}>
      <p class="bubble-head">
        <strong>{message.author}</strong>
        <time dateTime={message.at.toISOString()}>
          {message.at.toLocaleTimeString('en-IE', { hour: '2-digit', minute: '2-digit' })}
        </time>
      </p>
      <p>{message.text}</p>
    </li>
  )
}

function Write() {
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('text')).trim()
    if (text) say(text)
    event.currentTarget.reset()
  }
  return (
    <form class="write" onSubmit={send}>
      <input class="field" name="text" aria-label="Your message" placeholder="Say something" autocomplete="off" />
      <button class="button button-main" type="submit">
        <Icon node={Send} size={16} /> Send
      </button>
    </form>
  )
}
