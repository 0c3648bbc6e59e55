import { signal } from '@preact/signals'

export interface Message {
  id: number
  author: string
  text: string
  /** Who wrote it: this visitor, the shop or another customer. */
  side: 'me' | 'shop' | 'other'
  at: Date
}

/** How often someone writes: quick enough to see the list grow, slow enough to read it. */
const PACE_MS = 2500

const SAID: [author: string, side: Message['side'], text: string][] = [
  ['Tomas', 'other', 'Is the Tarn 2 all right in real wind? Thinking of the Faroes.'],
  ['Ruth, Northwind', 'shop', 'It is. Pitch the low end into the wind and use all six lines.'],
  ['Leila', 'other', 'My Fell boots are on their second sole. Still no blisters.'],
  ['Jon', 'other', 'Anyone tried the Ember above 2,000 metres?'],
  ['Petra', 'other', 'At 2,400 in the Tatras. A bit slower, still fine with winter gas.'],
  ['Ruth, Northwind', 'shop', 'We have a repair evening in Galway on Thursday. Bring anything with a hole.'],
  ['Sam', 'other', 'Does the beanie itch?'],
  ['Leila', 'other', 'For a day. Then it is your best friend.'],
  ['Ola', 'other', 'The red light of the Glow saved our night sky photos.'],
  ['Ruth, Northwind', 'shop', 'The Drift bag is back in about two weeks. We can write to you when it is.'],
]

export const messages = signal<Message[]>([])
export const isGrowing = signal(true)

/** Lets people talk while the page is open. Returns what stops them. */
export function startTalk(): () => void {
  if (messages.value.length === 0) for (let index = 0; index < 4; index++) hear()
  const timer = setInterval(() => {
    if (isGrowing.value) hear()
  }, PACE_MS)
  return () => clearInterval(timer)
}

export function say(text: string): void {
  push('You', 'me', text)
}

function hear(): void {
  const others = messages.value.filter(({ side }) => side !== 'me').length
  const [author, side, text] = SAID[others % SAID.length] ?? ['Someone', 'other', 'Hello']
  push(author, side, text)
}

function push(author: string, side: Message['side'], text: string): void {
  messages.value = [...messages.value, { id: messages.value.length + 1, author, side, text, at: new Date() }]
}
