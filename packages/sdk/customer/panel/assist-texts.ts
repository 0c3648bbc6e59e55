/** What the part for remote assist says. `{agent}` stands for the agent's name. */
export const ASSIST_TEXTS = {
  assistTitle: '{agent} wants to help on this page',
  assistText: 'They will be able to',
  assistScroll: 'scroll',
  assistClick: 'click',
  assistType: 'type',
  assistSelect: 'choose in lists and boxes',
  assistNavigate: 'open pages of this site',
  assistHidden: 'What is hidden from them stays out of their reach.',
  assistHelping: '{agent} is helping',
  assistHelped: '{agent} no longer helps',
  assistStop: 'Stop',
  assistStopTitle: 'Stop the help by {agent}?',
  assistStopText: 'They will still see this page, but can no longer act on it.',
  assistGoOn: 'Go on',
} as const

export type AssistTexts = Record<keyof typeof ASSIST_TEXTS, string>
