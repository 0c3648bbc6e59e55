import { signal } from '@preact/signals'
import { render } from 'preact'
import { type Fetched, fetchRecording, takeLink } from './fetch-recording.ts'
import { RecordingPage } from './recording-page.tsx'

const received = signal(0)
const fetched = signal<Fetched | undefined>(undefined)

const place = document.getElementById('desk')
if (place) render(<RecordingPage received={received} fetched={fetched} />, place)

fetched.value = await fetchRecording(takeLink(), (bytes) => {
  received.value = bytes
})
