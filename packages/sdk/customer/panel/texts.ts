import type { AssistTexts } from './assist-texts.ts'
import type { PreviewTexts } from './preview-texts.ts'

/** What the panel says. `{agent}` stands for the agent's name, `{company}` for the company's, `{time}` for minutes and seconds,
 *  `{code}` for an error's number. */
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
  askTitleCompany: '{agent} from {company} wants to see this page',
  askText: 'They see this site as you see it, and nothing else on your device. Passwords and card details stay hidden.',
  askStop: 'You can stop at any time.',
  askInvited: '{agent} invited them.',
  askWatch: 'They only look.',
  recorded: 'This session is recorded.',
  recordedShort: 'Recorded',
  allow: 'Allow',
  deny: 'Don’t allow',
  joining: 'Connecting',
  liveTitle: 'You are sharing this page with {agent}',
  aloneTitle: 'Nobody sees this page now',
  aloneText: 'Get a new code to let someone in again.',
  pausedTitle: 'Sharing is paused',
  pausedText: '{agent} cannot see this page now.',
  pause: 'Pause',
  resume: 'Resume',
  end: 'End',
  agentLost: '(reconnecting)',
  draw: 'Draw',
  preview: 'What they see',
  invite: 'Add someone',
  inviteHint: 'Read it to the person who is to join you.',
  inviteDone: 'Hide the code',
  move: 'Move to another corner',
  smaller: 'Make this smaller',
  larger: 'Show what is shared',
  liveShort: 'Sharing',
  pausedShort: 'Paused',
  reconnecting: 'Reconnecting',
  reconnectingText: 'The connection dropped. Nothing is shown until it is back.',
  returning: 'Picking up where you were',
  away: 'Shared in another tab',
  awayText: 'The tab you looked at last is shown. Come back to show this one.',
  ending: 'Ending',
  ended: 'Sharing has ended',
  endedText: 'Nobody can see this page any more.',
  endedLost: 'The connection was lost. Start again to go on.',
  endedExpired: 'It took too long. Start again to get a new code.',
  errorCode: 'Error {code}',
  failed: 'Sharing did not start',
  close: 'Close',
} as const

type Drawing =
  | `draw${'Pen' | 'Vanishing' | 'Highlighter' | 'Rectangle' | 'Arrow' | 'Eraser'}`
  | `draw${'Tools' | 'Undo' | 'Redo' | 'Clear' | 'Done'}`

/** Those of remote assist, drawing and the preview come with their parts in English, and with each other language. `failedText`
 *  stands in the place of an error's own text, which is English. */
export type Texts = Record<keyof typeof TEXTS, string> &
  Partial<AssistTexts & PreviewTexts & Record<Drawing | 'failedText', string>>
