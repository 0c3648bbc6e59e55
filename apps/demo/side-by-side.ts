import { watchDivider } from './divider.ts'

/** Why there is no desk, in words for someone who tries the product. */
class NoToken extends Error {
  readonly title: string
  constructor(title: string, text: string) {
    super(text)
    this.title = title
  }
}

const agent = find('agent', HTMLIFrameElement)
const explain = find('explain', HTMLElement)

watchDivider(find('pair', HTMLElement), find('divider', HTMLElement))
find('again', HTMLButtonElement).addEventListener('click', openDesk)
void openDesk()

/** Puts the desk into its frame, and another agent's pass behind the link: one agent can join only once. */
async function openDesk(): Promise<void> {
  explain.hidden = true
  try {
    agent.src = deskAddress(await fetchToken('Demo agent', keepUserId()))
    agent.hidden = false
    const link = find('desk-link', HTMLAnchorElement)
    link.href = deskAddress(await fetchToken('Second demo agent'))
    link.hidden = false
  } catch (error) {
    const reason = error instanceof NoToken ? error : new NoToken('The desk did not open', 'Load this page again.')
    fill('h3', reason.title)
    fill('p', reason.message)
    agent.hidden = true
    explain.hidden = false
  }
}

/** The same agent after this page is loaded again: the desk goes on with a session only for whoever had it. */
function keepUserId(): string {
  const KEEP_AS = 'alongside.demo.agent'
  const userId = sessionStorage.getItem(KEEP_AS) ?? `agent-${Math.random()}`
  sessionStorage.setItem(KEEP_AS, userId)
  return userId
}

async function fetchToken(userName: string, userId?: string): Promise<string> {
  const answer = await fetch('/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 2, userName, userId }),
  }).catch(() => {
    throw new NoToken('The server does not answer', 'Check that it is running, then try again.')
  })
  if (!answer.ok)
    throw new NoToken(
      'No demo agent on this server',
      'Only a server in development mode gives out passes by itself: on this machine, and without keys of its own. With keys, your server makes the tokens and opens the desk at /desk?access_token=….',
    )
  const { token }: { token: string } = await answer.json()
  return token
}

function deskAddress(token: string): string {
  return `/desk?access_token=${encodeURIComponent(token)}`
}

function fill(selector: string, text: string): void {
  const place = explain.querySelector(selector)
  if (place) place.textContent = text
}

function find<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`index.html has no ${kind.name} with the id ${id}.`)
}
