/** Why there is nothing to play. */
export interface Failure {
  title: string
  text: string
}

export type Fetched = { bytes: Uint8Array<ArrayBuffer> } | { failure: Failure }

const NO_LINK: Failure = {
  title: 'This link plays a recording once',
  text: 'It was used already, has run out, or the page was loaded again. Ask for a new link.',
}
const GONE: Failure = {
  title: 'This recording is no longer there',
  text: 'It was deleted, or kept for as long as the company keeps recordings.',
}
const OFFLINE: Failure = {
  title: 'The recording did not arrive',
  text: 'The connection was lost on the way. Check it, then ask for a new link.',
}
export const DAMAGED: Failure = {
  title: 'This recording cannot be shown',
  text: 'Its file is damaged, or was made by a newer version. Ask the administrator to look at the server’s log.',
}
export const EMPTY: Failure = {
  title: 'Nothing was recorded',
  text: 'The session ended before the customer’s page was shown to anybody.',
}

/** Takes the one-time link out of the address bar and the history, so that it is neither bookmarked nor shared. */
export function takeLink(): string {
  const link = new URLSearchParams(location.hash.slice(1)).get('link') ?? ''
  history.replaceState(history.state, '', location.pathname)
  return link
}

/** Gets the recording of a link, which is used up by that. `onBytes` hears how much has come. */
export async function fetchRecording(link: string, onBytes: (received: number) => void): Promise<Fetched> {
  if (!link) return { failure: NO_LINK }
  try {
    const answer = await fetch('/desk/recording', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ link }),
    })
    if (!answer.ok || !answer.body) return { failure: await explain(answer) }
    return { bytes: await readAll(answer.body, onBytes) }
  } catch {
    return { failure: OFFLINE }
  }
}

async function explain(answer: Response): Promise<Failure> {
  if (answer.status === 429) return { title: 'Too many requests', text: 'Wait a minute, then ask for a new link.' }
  const { code } = (await answer.json().catch(() => ({}))) as { code?: number }
  if (code === 1118) return NO_LINK
  return answer.status === 404 ? GONE : OFFLINE
}

async function readAll(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onBytes: (received: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const reader = body.getReader()
  let received = 0
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    chunks.push(step.value)
    received += step.value.length
    onBytes(received)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}
