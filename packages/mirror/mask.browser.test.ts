import { afterEach, expect, test } from 'vitest'
import { compileMask, type MaskError, type MaskRules } from './capture/index.ts'
import { MASK } from './capture/mask.ts'
import * as quiet from './capture/quiet-css.ts'
import { createPair, type Pair } from './pair/pair.ts'

const pairs: Pair[] = []

afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close()
})

async function pairOf(body: string, mask: MaskRules): Promise<Pair> {
  const pair = await createPair({ html: `<!DOCTYPE html><html><head></head><body>${body}</body></html>`, mask })
  pairs.push(pair)
  pair.flush()
  return pair
}

/** Whether a word occurs in any frame, as bytes. */
function leaks(pair: Pair, word: string): boolean {
  return pair.frames.some((frame) => new TextDecoder('latin1').decode(frame).includes(word))
}

const NONE: MaskRules = { maskType: 'custom_input' }

test('MSK-1 passwords, card and one-time-code fields, hidden inputs: masked with no rule at all', async () => {
  const pair = await pairOf(
    `<input type=password value=SECRET1><input type=hidden value=SECRET2><input autocomplete="cc-number" value=SECRET3>
     <input autocomplete="section-a one-time-code" value=SECRET4><textarea autocomplete="cc-csc">SECRET5</textarea>
     <input value=PLAIN placeholder="Card number">`,
    NONE,
  )
  for (const field of pair.page.querySelectorAll<HTMLInputElement>('input,textarea')) {
    if (field.type !== 'hidden') field.value += field.value.startsWith('SECRET') ? '-TYPEDSECRET' : ''
  }
  pair.flush()
  expect(leaks(pair, 'SECRET')).toBe(false)
  expect(leaks(pair, 'PLAIN')).toBe(true)
  expect(pair.copy.querySelector<HTMLInputElement>('input[type=password]')!.value).toMatch(/^•+$/)
})

test('MSK-2 a password that is shown as text stays masked', async () => {
  const pair = await pairOf('<input type=password value=SECRET>', NONE)
  const field = pair.page.querySelector('input')!
  field.type = 'text'
  pair.flush()
  field.value = 'SECRET2'
  pair.flush()
  expect(leaks(pair, 'SECRET')).toBe(false)
})

test('MSK-2 a password stays one for a mask that takes the place of another, as when rules change', () => {
  const [first, next] = [compileMask([]), compileMask([{ ...NONE, maskCssSelectors: '.x' }], quiet)]
  const field = document.createElement('input')
  first.noteType(field, 'password')
  expect(next.decide(field)).toBe(MASK.locked)
  expect(next.decide(document.createElement('input'))).toBe(MASK.open)
})

test('MSK-3 maskCssSelectors hides text, values and telling attributes below what it matches', async () => {
  const body = '<div class=p title=SECRETA>SECRETB<b data-x=SECRETC>SECRETD</b><input value=SECRETE></div><p>PLAIN</p>'
  const masked = await pairOf(body, { ...NONE, maskCssSelectors: '.p' })
  expect(leaks(masked, 'SECRET')).toBe(false)
  expect(leaks(masked, 'PLAIN')).toBe(true)
  const control = await pairOf(body, NONE)
  expect(['A', 'B', 'C', 'D', 'E'].filter((letter) => leaks(control, `SECRET${letter}`))).toHaveLength(5)
})

test('MSK-4 all_input masks every form field, all masks everything, unmaskCssSelectors opens', async () => {
  const body = '<p>TEXT</p><input value=VALUE><section class=open>OPEN<i class=shut>SHUT</i></section>'
  const fields = await pairOf(body, { maskType: 'all_input' })
  expect([leaks(fields, 'TEXT'), leaks(fields, 'VALUE')]).toEqual([true, false])
  const all = await pairOf(body, { maskType: 'all', unmaskCssSelectors: '.open', maskCssSelectors: '.shut' })
  expect(['TEXT', 'VALUE', 'OPEN', 'SHUT'].map((word) => leaks(all, word))).toEqual([false, false, true, false])
})

test('MSK-5 a class that masks is obeyed before the change that it hides is sent', async () => {
  const pair = await pairOf('<div><p>old</p></div>', { ...NONE, maskCssSelectors: '.p' })
  const div = pair.page.querySelector('div')!
  div.className = 'p'
  div.querySelector('p')!.textContent = 'SECRET'
  pair.flush()
  expect(leaks(pair, 'SECRET')).toBe(false)
  expect(pair.copy.querySelector('p')!.textContent).toMatch(/^•+$/)
  div.className = ''
  pair.flush()
  expect(pair.copy.querySelector('p')!.textContent).toBe('SECRET')
})

test('MSK-5 a class that unmasked and goes is obeyed, on the first change too', async () => {
  const pair = await pairOf('<p class=o>WORD</p><div></div>', { maskType: 'all', unmaskCssSelectors: '.o' })
  const word = pair.page.querySelector('p')!
  expect(pair.copy.querySelector('p')!.textContent).toBe('WORD')
  word.className = ''
  pair.flush()
  expect(pair.copy.querySelector('p')!.textContent).toMatch(/^•+$/)
  const late = Object.assign(pair.page.createElement('b'), { className: 'o', textContent: 'LATE' })
  pair.page.querySelector('div')!.append(late)
  pair.flush()
  expect(pair.copy.querySelector('b')!.textContent).toBe('LATE')
  late.className = ''
  pair.flush()
  expect(pair.copy.querySelector('b')!.textContent).toMatch(/^•+$/)
})

test('MSK-6 what moves into a masked place is masked there, and open again outside', async () => {
  const pair = await pairOf('<div class=p></div><section><i>WORD</i></section>', { ...NONE, maskCssSelectors: '.p' })
  const [place, item] = [pair.page.querySelector('.p')!, pair.page.querySelector('i')!]
  place.append(item)
  pair.flush()
  expect(pair.copy.querySelector('i')!.textContent).toMatch(/^•+$/)
  item.textContent = 'SECRET'
  pair.flush()
  expect(leaks(pair, 'SECRET')).toBe(false)
  item.textContent = 'again'
  pair.page.querySelector('section')!.append(item)
  pair.flush()
  expect(pair.copy.querySelector('i')!.textContent).toBe('again')
})

test('MSK-6 what was wrapped just before is masked with its wrapper, and opened with it', async () => {
  const rules: [MaskRules, string, string][] = [
    [{ maskType: 'all', unmaskCssSelectors: '.x' }, 'x', ''],
    [{ ...NONE, maskCssSelectors: '.x' }, '', 'x'],
  ]
  for (const [mask, open, masked] of rules) {
    const pair = await pairOf(`<div class="${open}"><p>WORD</p></div>`, mask)
    const host = pair.page.querySelector('div')!
    const shown = () => pair.copy.querySelector('p')!.textContent
    const wrap = async () => {
      const wrapper = pair.page.createElement('section')
      host.firstElementChild!.replaceWith(wrapper)
      wrapper.append(pair.page.querySelector('p') ?? inner)
      await Promise.resolve()
    }
    const inner = pair.page.querySelector('p')!
    expect(shown()).toBe('WORD')
    await wrap()
    host.className = masked
    pair.flush()
    expect(shown()).toBe('••••')
    await wrap()
    host.className = open
    pair.flush()
    expect(shown()).toBe('WORD')
  }
})

test('MSK-7 maskHTMLAttributes matches name=value pairs', async () => {
  const pair = await pairOf('<p data-private="yes">SECRET</p><p data-private="no">PLAIN</p>', {
    ...NONE,
    maskHTMLAttributes: 'data-private=yes, id=x',
  })
  expect([leaks(pair, 'SECRET'), leaks(pair, 'PLAIN')]).toEqual([false, true])
})

test.for([
  ['maskType', { maskType: 'some' }],
  ['maskCssSelectors', { maskType: 'custom_input', maskCssSelectors: 'div >' }],
  ['unmaskCssSelectors', { maskType: 'all', unmaskCssSelectors: '!!' }],
  ['maskHTMLAttributes', { maskType: 'custom_input', maskHTMLAttributes: 'no-value' }],
  ...[
    ':is(.a, !!)',
    'p:has(:where(.b, %))',
    '.a :IS(.b, :is(!))',
    '.a, [x="b',
    '.a\\',
    '.a,, .b',
    '.a,',
    '(.a',
    '.a::before',
    '.a /* b */',
    7,
    null,
  ].map((list) => ['maskCssSelectors', { maskType: 'custom_input', maskCssSelectors: list }] as const),
] as const)('MSK-8 an invalid %s is refused by name', ([setting, rules]) => {
  expect(() => compileMask([rules as unknown as MaskRules], quiet)).toThrow(
    expect.objectContaining({ name: 'MaskError', setting }) as MaskError,
  )
})

test.for([
  ['maskCssSelector', { maskCssSelector: '.x' }],
  ['toString', { toString: '.x' }],
  ['rules[0].maskCssSelector', { rules: [{ maskCssSelector: '.x' }] }],
  ['rules[cards].mask_css_selectors', { rules: [{ name: 'cards', mask_css_selectors: '.x' }] }],
  ['rules[0].detectors', { rules: [{ maskType: 'all', detectors: ['card'] }] }],
  ['rules[1].rules', { rules: [{ maskType: 'all' }, { rules: [] }] }],
  ['rules[0].url', { rules: [{ maskType: 'all', url: [] }] }],
  ['rules[0].url', { rules: [{ maskType: 'all', url: ['account'] }] }],
  ['rules[0].url', { rules: [{ maskType: 'all', url: ['/a b'] }] }],
  ['rules[0].URL', { rules: [{ maskType: 'all', URL: ['/account'] }] }],
  ['detectors', { detectors: ['cards'] }],
] as const)('MSK-61 a rule of the page with %s, which no rule has, is refused by its name', ([setting, rules]) => {
  expect(() => quiet.resolveRules({ piiMask: rules as unknown as MaskRules }, 'https://shop.example/')).toThrow(
    expect.objectContaining({ name: 'MaskError', setting: `piiMask.${setting}` }) as MaskError,
  )
})

test('MSK-61 all that a rule of the page may have is taken', () => {
  const lists = {
    maskType: 'all',
    maskCssSelectors: '.a',
    maskHTMLAttributes: 'a=b',
    unmaskCssSelectors: '.b',
  } as const
  const rules = [{ ...lists, name: 'all', url: ['/account/*', 'https://shop.example/*'] }]
  expect(
    quiet.resolveRules({ piiMask: { ...lists, rules, detectors: ['card'] } }, 'https://shop.example/'),
  ).toHaveLength(1)
})

test('MSK-9 masked text keeps spaces and loses letters and exact length', async () => {
  const pair = await pairOf('<p>ab cde fghij klmnopqrstuvw</p>', { maskType: 'all' })
  expect(pair.copy.querySelector('p')!.textContent).toBe('•• •••• •••• ••••••••••••••••')
})

/** The elements of a page or copy in document order, through shadow roots and frames. */
function elementsOf(root: ParentNode): Element[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    element,
    ...(element.shadowRoot ? elementsOf(element.shadowRoot) : []),
    ...(element.localName === 'iframe' ? elementsOf((element as HTMLIFrameElement).contentDocument!) : []),
  ])
}

const LOOKS = ['display', 'top', 'left', 'color', 'fontFamily', 'animationName', 'gridArea', 'width'] as const

function looks(root: ParentNode): string[] {
  return elementsOf(root)
    .filter((element) => element.localName !== 'style')
    .map((element) => {
      const style = getComputedStyle(element)
      return `${element.localName} ${LOOKS.map((name) => (/^(font|anim|grid)/.test(name) ? /k\d+z/.test(style[name]) || style[name].includes('own') : style[name])).join()}`
    })
}

const SHEETS = `
  .a{top:1px} .A-b_c{top:2px} #i{left:3px} [class*="col-"]{left:4px} [class^="icon-"]{color:rgb(1,2,3)}
  [class$="-wide"]{top:5px} [data-state="on now"]{left:6px} [data-n~="two"]{color:rgb(4,5,6)} [data-x]{top:7px}
  .sm\\:x\\/2{left:8px} .\\31 0{left:9px} p:not(.a):has(> .k){color:rgb(7,8,9)} [dir="rtl"]{top:10px}
  .n{ &.m{left:11px} & > b{left:12px} @media (min-width:1px){top:13px} }
  :root{--own-size:14px;--c:rgb(9,9,9)} .v{left:var(--own-size);color:var(--c)} input[type="checkbox"]{top:15px}
  @media screen and (min-width:1px){.w{top:16px}} @media print{.w{top:0}} @supports (display:grid){.s{top:17px}}
  @supports (no-such:x){.s{top:0}} @layer one,two; @layer two{.l{left:18px}} @layer one{.l{left:0}}
  @keyframes own{from{color:red}} .k{animation:own 9s paused} @font-face{font-family:own;src:url(data:font/woff2,)}
  .f{font-family:own,Arial} .g{display:grid;grid-template-areas:"own menu"} .g > i{grid-area:own}
  .ct{container:own-box/inline-size} @container own-box (min-width:1px){.in{top:19px}}`

const LAID_OUT = `<style>*{position:relative}</style><style>${SHEETS}</style>
  <div class="a"></div><div class="x A-b_c"></div><div id="i"></div><div class="x col-md-6"></div><div class="icon-x y"></div>
  <div class="x-wide"></div><div data-state="on now"></div><div data-n="one two"></div><div data-x="1"></div>
  <div class="sm:x/2"></div><div class="10"></div><p><b class="k">t</b></p><div dir="rtl"></div>
  <div class="n m"></div><div class="n"><b></b></div><div class="v"></div><input type="checkbox"><i class="w"></i>
  <i class="s"></i><i class="l"></i><i class="f"></i><div class="g"><i></i></div><div class="ct"><i class="in"></i></div>`

test.for([
  ['all', { maskType: 'all' }],
  ['custom_input', { maskType: 'custom_input', maskCssSelectors: '.none' }],
  ['custom_input around it', { maskType: 'custom_input', maskCssSelectors: 'body' }],
] as const)('MSK-20 %s: renamed classes, ids and attributes are found by the renamed sheets', async ([, mask]) => {
  const pair = await pairOf(LAID_OUT, mask)
  const page = looks(pair.page.body)
  expect(new Set(page).size).toBeGreaterThan(20)
  expect(looks(pair.copy.body)).toEqual(page)
  const { className } = pair.copy.querySelectorAll('div')[1]!
  expect(className).toMatch(/^k\d+z k\d+z-k\d+z_k\d+z$/)
})

test('MSK-21 no rule opens an always-masked field, nor what it holds', async () => {
  const pair = await pairOf(
    `<input type=password value=SECRETA title=SECRETB><input type=hidden value=SECRETC>
     <select autocomplete=cc-exp-month><option selected title=SECRETD>SECRETE</select>
     <textarea autocomplete=one-time-code>SECRETF</textarea><datalist><option value=SECRETG></datalist><p>PLAIN</p>`,
    { maskType: 'all', unmaskCssSelectors: '*' },
  )
  expect(leaks(pair, 'SECRET')).toBe(false)
  expect(leaks(pair, 'PLAIN')).toBe(true)
  expect(pair.copy.querySelector('select')!.selectedIndex).toBe(-1)
  pair.page.querySelector('option')!.text = 'SECRETH'
  pair.page.querySelector('textarea')!.textContent = 'SECRETI'
  pair.page.querySelector('input')!.type = 'text'
  pair.page.querySelector('input')!.removeAttribute('autocomplete')
  pair.flush()
  expect(leaks(pair, 'SECRET')).toBe(false)
})

test('MSK-22 a rule with ancestors reaches into shadow roots and frames', async () => {
  const pair = await pairOf('<section class=p><div></div><iframe></iframe></section>', {
    ...NONE,
    maskCssSelectors: '.p > div b, .p i.x',
  })
  pair.page.querySelector('div')!.attachShadow({ mode: 'open' }).innerHTML = '<b>SECRETA</b><u>PLAIN</u>'
  const frame = pair.page.querySelector('iframe')!.contentDocument!
  frame.body.innerHTML = '<i class=x>SECRETB</i><i>OTHER</i>'
  pair.flush()
  expect(['SECRETA', 'SECRETB', 'PLAIN', 'OTHER'].map((word) => leaks(pair, word))).toEqual([false, false, true, true])
  pair.page.querySelector('section')!.className = ''
  pair.flush()
  expect(['SECRETA', 'SECRETB'].map((word) => leaks(pair, word))).toEqual([true, true])
  pair.page.querySelector('section')!.className = 'p'
  pair.flush()
  const copy = pair.copy.querySelector('iframe')!.contentDocument!
  expect(copy.querySelector('i')!.textContent).toMatch(/^•+$/)
  expect(pair.copy.querySelector('div')!.shadowRoot!.querySelector('b')!.textContent).toMatch(/^•+$/)
})

test('MSK-23 what moves below an ancestor that a rule names is masked deep inside', async () => {
  const pair = await pairOf('<div class=p></div><section><i><b class=q>WORD</b></i></section>', {
    ...NONE,
    maskCssSelectors: '.p .q',
  })
  expect(pair.copy.querySelector('b')!.textContent).toBe('WORD')
  pair.page.querySelector('.p')!.append(pair.page.querySelector('i')!)
  pair.flush()
  expect(pair.copy.querySelector('b')!.textContent).toMatch(/^•+$/)
})

test('MSK-24 a rule that depends on a check is decided again when it changes', async () => {
  const pair = await pairOf('<input type=checkbox><p>WORD</p>', { ...NONE, maskCssSelectors: 'input:checked + p' })
  expect(pair.copy.querySelector('p')!.textContent).toBe('WORD')
  pair.page.querySelector('input')!.checked = true
  pair.flush()
  expect(pair.copy.querySelector('p')!.textContent).toMatch(/^•+$/)
})

test('MSK-25 a masked field tells neither its value by its look nor its length by its scrolling', async () => {
  const pair = await pairOf(
    `<input type=range value=93><input type=color value=#123456><input type=date value=2031-01-17><progress value=.7></progress>
     <textarea rows=2>${'line\n'.repeat(50)}</textarea><input type=checkbox checked><select><option>a<option selected>b</select>`,
    { maskType: 'all' },
  )
  const text = pair.page.querySelector('textarea')!
  text.scrollTop = 100
  text.dispatchEvent(new Event('scroll'))
  pair.flush()
  const [range, color, date, box] = pair.copy.querySelectorAll('input')
  expect([range!.value, color!.value, date!.value, box!.checked]).toEqual(['50', '#000000', '', false])
  expect(pair.copy.querySelector('progress')!.position).toBe(-1)
  expect(pair.copy.querySelector('textarea')!.scrollTop).toBe(0)
  expect(pair.copy.querySelector('select')!.selectedIndex).toBe(-1)
})

test('MSK-26 beside a rule, words in sheets are dots and symbols stay', async () => {
  const pair = await pairOf('<style>p::after{content:"word \\f101  →"}i{--x:"word" 3px Arial #fff word}</style>', {
    ...NONE,
    maskCssSelectors: '.p',
  })
  const [after, own] = [...pair.copy.querySelector('style')!.sheet!.cssRules] as CSSStyleRule[]
  expect(after!.style.content).toBe('"•••• \uf101 →"')
  expect(own!.style.getPropertyValue('--x').trim()).toMatch(/^"••••" 3px Arial #fff k\d+z$/)
})

test('MSK-26 beside a rule, a drawing of shapes stays in whatever colour, and one with a word goes', async () => {
  const drawing = (svg: string) => `url("data:image/svg+xml,${encodeURIComponent(svg)}")`
  const shape = (colour: string) => drawing(`<svg><path stroke="${colour}" d="m6 9 6 6 6-6"/></svg>`)
  const kept = ['#848b85', '#123abc', '#1a2', 'red'].map(shape)
  const gone = ['<svg id="1cora"/>', '<svg><path fill="#cora"/></svg>', '<svg><text>#123</text></svg>'].map(drawing)
  const rules = [...kept, ...gone].map((image) => `p{background-image:${image.replaceAll('"', "'")}}`)
  const pair = await pairOf(`<style>${rules.join('')}</style>`, { ...NONE, maskCssSelectors: '.p' })
  const images = [...pair.copy.querySelector('style')!.sheet!.cssRules].map(
    (rule) => (rule as CSSStyleRule).style.backgroundImage,
  )
  expect(images).toEqual([...kept, ...gone.map(() => 'url("data:,")')])
})

test('MSK-27 an attribute of the page’s own is sent once a sheet asks for it, and shown by attr() where it is open', async () => {
  const pair = await pairOf(
    '<p data-x="open word" data-y="two">t</p><div class=p data-x="SECRET" data-y="SECRET">t</div>',
    {
      ...NONE,
      maskCssSelectors: '.p',
    },
  )
  const [open, masked] = [pair.copy.querySelector('p')!, pair.copy.querySelector('div')!]
  expect([open, masked].map((element) => element.hasAttribute('data-x'))).toEqual([false, false])
  const style = pair.page.createElement('style')
  style.textContent = '[data-y="two"]{color:rgb(1,2,3)}p::after{content:attr(data-x)}'
  pair.page.head.append(style)
  pair.flush()
  expect([open.getAttribute('data-x'), masked.getAttribute('data-x')]).toEqual(['open word', null])
  expect(getComputedStyle(open).color).toBe('rgb(1, 2, 3)')
  expect(leaks(pair, 'SECRET')).toBe(false)
})

test('MSK-5 an element that a rule opened and another comes to mask is masked', async () => {
  const pair = await pairOf('<p class=o>WORD</p>', {
    maskType: 'all',
    unmaskCssSelectors: '.o',
    maskCssSelectors: '.m',
  })
  expect(pair.copy.querySelector('p')!.textContent).toBe('WORD')
  pair.page.querySelector('p')!.className = 'o m'
  pair.flush()
  expect(pair.copy.querySelector('p')!.textContent).toMatch(/^•+$/)
})

test('MSK-20 a style that moves into a masked place keeps the rules that script inserted', async () => {
  const pair = await pairOf('<style>i{top:1px}</style><i>t</i><div class=m></div>', { ...NONE, maskCssSelectors: '.m' })
  const style = pair.page.querySelector('style')!
  pair.page.querySelector('div')!.append(style)
  pair.flush()
  style.sheet!.insertRule('i{left:5px}', 1)
  pair.flush()
  pair.page.querySelector('div')!.className = ''
  pair.flush()
  expect(getComputedStyle(pair.copy.querySelector('i')!).left).toBe('5px')
})

test('MSK-28 a masked field without any rule keeps the plain part of its style', async () => {
  const pair = await createPair({
    html: `<!DOCTYPE html><body><input type=password style='width:123px;color:red;--own:secret;font-family:secret;background:url("secret");content:"secret"'>`,
  })
  pair.flush()
  const { style } = pair.copy.querySelector('input')!
  expect(`${style.width} ${style.color}`).toBe('123px red')
  expect(pair.frames.some((frame) => new TextDecoder('latin1').decode(frame).includes('secret'))).toBe(false)
  pair.close()
})

test('MSK-50 a page whose own CSS object says yes to everything is masked as any other', async () => {
  const before = Object.getOwnPropertyDescriptor(window, 'CSS')!
  const liar = { supports: () => true, escape: () => 'x' }
  Object.defineProperty(window, 'CSS', { configurable: true, value: liar })
  try {
    const pair = await pairOf(
      `<style>.q1{top:5px;will-change:zqsecret;animation-name:zqsecret;unknown:zqsecret} [data-zq]{left:3px}</style>
      <p class="q1" data-zq>x</p><p class="m">zqsecret</p>`,
      { maskType: 'custom_input', maskCssSelectors: '.m' },
    )
    const text = pair.frames.map((frame) => new TextDecoder('latin1').decode(frame)).join()
    expect(text).not.toContain('zqsecret')
    const look = getComputedStyle(pair.copy.querySelector('p')!)
    expect([look.top, look.left]).toEqual(['5px', '3px'])
  } finally {
    Object.defineProperty(window, 'CSS', before)
  }
})
