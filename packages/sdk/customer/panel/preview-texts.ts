/** What the preview says beside what the panel does. */
export const PREVIEW_TEXTS = {
  previewText: 'This is the copy of this page that others see. What is hidden from them is hidden here.',
  previewFailed: 'The copy cannot be shown now. Close this and try again.',
} as const

export type PreviewTexts = Record<keyof typeof PREVIEW_TEXTS, string>
