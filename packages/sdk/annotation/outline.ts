import { getStroke } from 'perfect-freehand'
import type { Point } from './stroke.ts'

/** Points of one part. */
const PART = 160

/** Points that a part shares with the one before it, so that both have the same direction where they meet. */
const OVERLAP = 8

/** The paths that together are the outline of a stroke: several for a long one, which a browser draws faster. */
export function outlineOf(points: readonly Point[], size: number): string[] {
  const paths: string[] = []
  for (let start = 0; start < points.length; start += PART)
    paths.push(strokePath(points.slice(Math.max(0, start - OVERLAP), start + PART), size))
  return paths
}

/** With round ends. */
function strokePath(points: readonly Point[], size: number): string {
  const outline = getStroke([...points], {
    size,
    thinning: 0,
    smoothing: 0.6,
    streamline: 0.35,
    simulatePressure: false,
    last: true,
  })
  const [first] = outline
  if (!first) return ''
  let path = `M${round(first[0]!)} ${round(first[1]!)}Q`
  for (let i = 0; i < outline.length; i++) {
    const [x = 0, y = 0] = outline[i]!
    const [nextX = 0, nextY = 0] = outline[(i + 1) % outline.length]!
    path += `${round(x)} ${round(y)} ${round((x + nextX) / 2)} ${round((y + nextY) / 2)} `
  }
  return `${path}Z`
}

/** To a tenth: `toFixed` takes ten times as long, and a stroke has thousands. */
function round(value: number): number {
  return Math.round(value * 10) / 10
}
