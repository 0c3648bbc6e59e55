import { formatUnits, t } from '../texts/language.ts'

/** A place in a recording: minutes and seconds, and hours where there are any. */
export function formatPlace(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (number: number) => String(number).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** As `formatPlace`, to be read out; with the whole length if it is given. */
export function describePlace(ms: number, duration?: number): string {
  const seconds = Math.floor(ms / 1000)
  const place = formatUnits({
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
  })
  return duration === undefined ? place : t('recording.place.of', { place, duration: describePlace(duration) })
}
