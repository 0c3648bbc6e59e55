import { signal } from '@preact/signals'
import { render } from 'preact'
import { chooseLanguage, speak } from '../texts/language.ts'
import { type Fetched, fetchRecording, takeLink } from './fetch-recording.ts'
import { RecordingPage } from './recording-page.tsx'

const received = signal(0)
const fetched = signal<Fetched | undefined>(undefined)

const wished = new URLSearchParams(location.search).get('lang')
const link = takeLink()
await speak(chooseLanguage(wished === null ? navigator.languages : [wished, ...navigator.languages]), document)
const place = document.getElementById('desk')
if (place) render(<RecordingPage received={received} fetched={fetched} />, place)

fetched.value = await fetchRecording(link, (bytes) => {
  received.value = bytes
})
