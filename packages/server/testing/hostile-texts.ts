const zalgo = Array.from({ length: 40 }, (_, index) => String.fromCodePoint(0x300 + index)).join('')
const tags = [...'hidden orders'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')

/** Texts that somebody might put where a name, a title or a note belongs, each with what it is. */
export const HOSTILE_TEXTS: [string, string][] = [
  ['a line end', 'Ann\n{"level":30,"event":"agent joined"}'],
  ['a carriage return', 'Ann\rBoss'],
  ['both', 'Ann\r\nX-Injected: 1\r\n\r\n<h1>Hello</h1>'],
  ['next line, U+0085', 'Ann\u0085{"event":"x"}'],
  ['line and paragraph separators', 'Ann\u2028{"event":"x"}\u2029Boss'],
  ['vertical tab and form feed', 'Ann\u000b\u000cBoss'],
  ['a NUL', 'Ann\u0000Boss'],
  ['colours and cursor of a terminal', '\u001b[2J\u001b[1;31mAnn\u001b]0;title\u0007'],
  ['the same in one character of C1', '\u009b2J\u009b1;31mAnn\u009d0;title\u009c'],
  ['backspaces', 'Mallory\b\b\b\b\b\b\bAnn'],
  ['a direction override', '\u202egnp.exe\u202c Ann'],
  ['direction overrides that are never closed', 'Ann \u202e\u202d\u202a\u202b'],
  ['isolates that are closed too often', 'Ann\u2069\u2069\u2069 may see nothing'],
  ['direction marks', '\u200eAnn\u200f\u061c'],
  ['letters from right to left', '\u05d0\u05d1\u05d2 (\u0627\u0644\u0628\u0646\u0643)'],
  ['zero-width characters', 'A\u200bn\u200bn\ufeff\u2060\u200c\u200d'],
  ['soft hyphens and joiners of graphemes', 'A\u00adn\u034fn'],
  ['tags', `Ann${tags}`],
  ['variation selectors', `A${'\ufe00'.repeat(20)}nn${'\u{e0100}'.repeat(10)}`],
  ['Hangul fillers', '\u3164\u115f\u1160\uffa0Ann'],
  ['blank signs', '\u2800\u2800Ann\u{1d159}\ufffc'],
  ['piles of marks', `A${zalgo}nn`],
  ['marks at the beginning', '\u0338\u20dd\u0489Ann'],
  ['an enclosing mark on all', 'A\u20e0n\u20e0n\u20e0'],
  ['lone surrogates', '\ud800Ann\udc00'],
  ['private and unassigned characters', 'A\ue000n\u{f0000}n\u0378'],
  ['annotation characters', '\ufff9Ann\ufffaBoss\ufffb'],
  ['very long words', 'W'.repeat(80)],
  ['the widest sign', '\ufdfd'.repeat(80)],
  ['a script', '<script>window.pwned=1</script>'],
  ['a picture with a handler', '<img src=x onerror=window.pwned=1>'],
  ['the end of a script and of a title', '</script></title></textarea><svg onload=window.pwned=1>'],
  ['the end of an attribute', '"><svg/onload=window.pwned=1>\'x'],
  ['entities', '&lt;b&gt;Ann&#x202e;&amp;'],
  ['an address that is code', 'javascript:window.pwned=1'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: some templates are written so
  ['a template', '{{constructor.constructor("window.pwned=1")()}}${1+1}#{1+1}<%=1%>'],
  ['braces of a text', '{agent} {company} {name}'],
  ['SQL', "Ann'; DROP TABLE sessions; --"],
  ['a formula', '=HYPERLINK("http://evil.example","Ann")'],
  ['patterns of replacing', "$& $1 $` $'"],
  ['a name of the language', '__proto__'],
  ['format strings', '%s%d%n%j%O'],
  ['look-alike letters', '\u0410nn \u0391nn'],
]
HOSTILE_TEXTS.push([
  'a megabyte',
  HOSTILE_TEXTS.map(([, text]) => text)
    .join(' ')
    .repeat(600)
    .slice(0, 1_048_576),
])

/** What no text that is shown may hold. */
export const NOT_SHOWABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}\u2800]|^[\p{Mn}\p{Me}]|[\p{Mn}\p{Me}]{5}/u
