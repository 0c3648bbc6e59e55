import { agentColour, CUSTOMER_ID, type ParticipantId } from '@alongside/protocol'

const NAMES = ['blue', 'orange', 'green', 'purple', 'pink', 'teal', 'gold', 'red'] as const
export type ColourName = (typeof NAMES)[number] | 'slate'

/** The colours to draw in: those of agents, and one that is the customer's own. */
export const COLOURS: readonly { name: ColourName; value: string }[] = [
  // Agents count from 2.
  ...NAMES.map((name, index) => ({ name, value: agentColour(index + 2) })),
  { name: 'slate', value: '#5f6b80' },
]

/** The index of a participant's own colour. */
export function colourOf(participant: ParticipantId): number {
  if (participant === CUSTOMER_ID) return NAMES.length
  return Math.max(0, participant - 2) % NAMES.length
}
