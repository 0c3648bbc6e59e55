/** What the panel says. `{agent}` stands for the agent's name, `{time}` for minutes and seconds. */
export const TEXTS = {
  region: 'Page sharing',
  connecting: 'Getting your code',
  codeTitle: 'Your code',
  codeHint: 'Read it to the person who is helping you.',
  codeTime: 'Valid for {time}',
  codeOver: 'This code has expired.',
  newCode: 'Get a new code',
  copy: 'Copy',
  copied: 'Copied',
  copyByHand: 'Selected. Copy it with your keyboard.',
  cancel: 'Cancel',
  asked: 'Waiting for your answer',
  askTitle: '{agent} wants to see this page',
  askText: 'They see this tab as you see it, and nothing else on your device. Passwords and card details stay hidden.',
  askStop: 'You can stop at any time.',
  allow: 'Allow',
  deny: 'Don’t allow',
  joining: 'Connecting',
  liveTitle: 'You are sharing this page with {agent}',
  pausedTitle: 'Sharing is paused',
  pausedText: '{agent} cannot see this page now.',
  pause: 'Pause',
  resume: 'Resume',
  end: 'End',
  invite: 'Add someone',
  smaller: 'Make this smaller',
  larger: 'Show what is shared',
  liveShort: 'Sharing',
  pausedShort: 'Paused',
  reconnecting: 'Reconnecting',
  reconnectingText: 'The connection dropped. Nothing is shown until it is back.',
  ending: 'Ending',
  ended: 'Sharing has ended',
  endedText: 'Nobody can see this page any more.',
  endedLost: 'The connection was lost. Start again to go on.',
  endedExpired: 'Nobody joined in time. Start again to get a new code.',
  failed: 'Sharing did not start',
  close: 'Close',
} as const

export type Texts = Record<keyof typeof TEXTS, string>

/** Puts values into the places of a text. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place)
}
