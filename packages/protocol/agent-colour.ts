import type { ParticipantId } from './messages.ts'

/** White text on each, and each on the light and the dark surfaces of panel and desk, meets WCAG 2.2 AA. */
const COLOURS = ['#2563eb', '#c2410c', '#15803d', '#9333ea', '#db2777', '#0e7490', '#a16207', '#dc2626'] as const

/** The colour of an agent's name, pointer and drawings: the same one in the customer's page and on every desk. */
export function agentColour(participant: ParticipantId): string {
  return COLOURS[Math.max(0, participant - 2) % COLOURS.length]!
}
