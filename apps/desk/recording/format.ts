/** A place in a recording: minutes and seconds, and hours where there are any. */
export function formatPlace(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (number: number) => String(number).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** As `formatPlace`, to be read out. */
export function describePlace(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const part = (number: number, word: string) => (number ? [`${number} ${word}${number === 1 ? '' : 's'}`] : [])
  const parts = [
    ...part(Math.floor(seconds / 3600), 'hour'),
    ...part(Math.floor(seconds / 60) % 60, 'minute'),
    ...part(seconds % 60, 'second'),
  ]
  return parts.join(' ') || '0 seconds'
}
