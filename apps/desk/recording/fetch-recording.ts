/** Why there is nothing to play, as the texts call it. */
export type Failure = 'used' | 'gone' | 'offline' | 'damaged' | 'empty' | 'busy'

export type Fetched = { bytes: Uint8Array<ArrayBuffer> } | { failure: Failure }

/** Takes the one-time link out of the address bar and the history, so that it is neither bookmarked nor shared. */
export function takeLink(): string {
  const link = new URLSearchParams(location.hash.slice(1)).get('link') ?? ''
  history.replaceState(history.state, '', location.pathname)
  return link
}

/** Gets the recording of a link, which is used up by that. `onBytes` hears how much has come. */
export async function fetchRecording(link: string, onBytes: (received: number) => void): Promise<Fetched> {
  if (!link) return { failure: 'used' }
  try {
    const answer = await fetch('/desk/recording', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ link }),
    })
    if (!answer.ok || !answer.body) return { failure: await explain(answer) }
    return { bytes: await readAll(answer.body, onBytes) }
  } catch {
    return { failure: 'offline' }
  }
}

async function explain(answer: Response): Promise<Failure> {
  if (answer.status === 429) return 'busy'
  const { code } = (await answer.json().catch(() => ({}))) as { code?: number }
  if (code === 1118) return 'used'
  return answer.status === 404 ? 'gone' : 'offline'
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
