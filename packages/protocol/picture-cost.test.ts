import { expect, test } from 'vitest'
import { isCostlyPicture } from './picture-cost.ts'

const svg = (inside: string, head = '') =>
  `${head}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">${inside}</svg>`
const groups = (inside: (n: number) => string) =>
  Array.from({ length: 9 }, (_, n) => `<g id="g${n + 1}">${inside(n).repeat(10)}</g>`).join('')

test.for([
  ['groups in groups', svg(`<g id="g0"><path d="M0 0"/></g>${groups((n) => `<use href="#g${n}"/>`)}`)],
  ['by the old name', svg(`<g id="g0"><path d="M0 0"/></g>${groups((n) => `<use xlink:href='#g${n}'/>`)}`)],
  ['masks', svg(`<mask id="g0"><path/></mask>${groups((n) => `<rect mask="url(#g${n})"/>`)}`)],
  ['hidden names', svg(`<g id="g0"><path/></g>${groups((n) => `<use href="&#35;&#x67;${n}"/>`)}`)],
  ['noise', svg('<filter id="f"><feTurbulence numOctaves="9999"/></filter><path filter="url(#f)"/>')],
  ['large kernels', svg('<filter id="f"><feConvolveMatrix order="15 15"/></filter><path filter="url(#f)"/>')],
  [
    'many filters',
    svg(`<filter id="f"><feGaussianBlur stdDeviation="99"/></filter>${'<path filter="url(#f)"/>'.repeat(9)}`),
  ],
  [
    'filters of groups',
    svg(
      `<filter id="f"><feGaussianBlur stdDeviation="9"/></filter><g id="g"><path filter="url(#f)"/></g>${'<use href="#g"/>'.repeat(99)}`,
    ),
  ],
  ['rules that blur', svg(`<style>${'.a{filter:blur(9px)}'.repeat(99)}</style><path class="a"/>`)],
  ['entities of markup', svg('&a;', '<!DOCTYPE svg [<!ENTITY a "<path/><path/>">]>')],
  ['entities of entities', svg('&b;', '<!DOCTYPE svg [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>')],
  ['a picture within', svg('<image href="data:image/svg+xml,%3Csvg/%3E"/>')],
  ['a long chain', svg(Array.from({ length: 2_000 }, (_, n) => `<g id="c${n}"><use href="#c${n + 1}"/></g>`).join(''))],
  ['elements without end', svg('<g>'.repeat(5_000))],
] as const)('INR-42 a picture of %s is told', ([, picture]) => {
  expect(isCostlyPicture(picture)).toBe(true)
})

test.for([
  ['an icon', svg('<path d="M0 0h9v9z"/>')],
  [
    'shadows as editors write them',
    svg(
      Array.from(
        { length: 6 },
        (_, n) =>
          `<g filter="url(#filter${n}_d)"><path/></g><filter id="filter${n}_d" x="0" y="0" width="99" height="99" filterUnits="userSpaceOnUse"><feFlood flood-opacity="0" result="BackgroundImageFix"/><feColorMatrix in="SourceAlpha" values="0 0 0 0 0"/><feOffset dy="4"/><feGaussianBlur stdDeviation="2"/><feColorMatrix values="0 0 0 0 0"/><feBlend in2="BackgroundImageFix"/><feBlend in="SourceGraphic"/></filter>`,
      ).join(''),
    ),
  ],
  [
    'a map',
    svg(
      `<symbol id="s"><path/><circle/></symbol>${'<use href="#s"/>'.repeat(9_000)}${'<path d="M0 0L9 9"/>'.repeat(20_000)}`,
    ),
  ],
  [
    'names of an editor',
    svg(
      '<path/>',
      '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x" [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>',
    ),
  ],
  ['one that shows itself', svg('<g id="a"><use href="#a"/><path/></g>')],
  ['a photograph in a frame', svg(`<image href="data:image/png;base64,${'A'.repeat(100_000)}"/>`)],
] as const)('INR-42 control: %s is not', ([, picture]) => {
  expect(isCostlyPicture(picture)).toBe(false)
})
