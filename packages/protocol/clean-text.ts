/** Joins or parts letters so that a reader sees it, where RFC 5892 (appendix A) allows it: behind a virama, behind an
 *  Arabic letter that joins to the next one, and between two pictures of an emoji. What stands before it is part of the
 *  match. */
const JOINED = [
  '[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca][\\u200c\\u200d]',
  '[\\u0626\\u0628\\u062a-\\u062e\\u0633-\\u063a\\u0641-\\u0647\\u0649\\u064a\\u0679-\\u0687\\u069a-\\u06be\\u06c1-\\u06cc]\\u200c(?=\\p{Script=Arabic})',
  '[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]\\u200d(?=\\p{Extended_Pictographic})',
].join('|')

/** Control, format (which holds the direction overrides, the tags and most of what has no width), private, unassigned,
 *  lone surrogates and line separators; what Unicode says to be ignored where it is shown; and signs that are blank. */
const HIDDEN = '[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}\\p{DI}\\u2800\\ufffc\\u{1d159}]'

const HIDDEN_TEXT = new RegExp(HIDDEN, 'u')
const NOT_SHOWN = new RegExp(`(${JOINED})|${HIDDEN}`, 'gu')

/** Marks above, below and through a letter. No language needs more than four on one (UTS 39, section 5.4), and at the
 *  beginning they would stand on what comes before the text. */
const STACKED = /(^\s*|[\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]+/gu

/** What a stranger wrote, as one line that may be shown beside other texts: without characters that do not show, that
 *  turn or cover what is around them, or that break the line. With them one name can be made to look like another. Every
 *  text that comes from outside goes through it once, where it comes in. */
export function cleanText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\u0085]+/g, ' ')
    .replace(/\p{Variation_Selector}/gu, '')
    .replace(NOT_SHOWN, (_hidden, joined?: string) => joined ?? '')
    .replace(STACKED, '$1')
    .replace(/ +/g, ' ')
    .trim()
}

/** Whether nothing of a text is hidden: for ids, which are compared and so must not be changed. */
export function isPlainText(text: string): boolean {
  return !HIDDEN_TEXT.test(text)
}
