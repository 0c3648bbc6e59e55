import { BODY, type ScriptedPage } from '../e2e/scripted-page.ts'
import { ITEMS, OPS, PICTURES } from '../packages/mirror/wire/index.ts'

/** Frames of a page that means to stop the desk. The first has shown the page; an endless one goes on until nobody takes
 *  any more. */
export type Storm = (page: ScriptedPage) => Iterable<Buffer>

const times = (count: number, run: (i: number) => void) => {
  for (let i = 0; i < count; i++) run(i)
}

/** One frame that puts something into the body. */
const into = (page: ScriptedPage, write: () => void, left = 0) =>
  page.frame(() => {
    page.at(BODY, left)
    write()
    page.end()
  })

const paragraphs = (page: ScriptedPage, count: number, attributes: [string, string][] = [['class', 'x y']]) =>
  times(count, (i) => page.element('p', attributes, () => page.text(`line ${i % 1_000}`)))

const sheet = (page: ScriptedPage, css: string) => page.element('style', [], () => page.text(css))

/** Elements in elements. */
const nested = (page: ScriptedPage, depth: number, name: string, style: string): void => {
  times(depth, () => {
    page.open(name, [['style', style]])
    page.text('a')
  })
  times(depth, () => {
    page.text('b')
    page.end()
  })
}

/** Changes one attribute for ever, so often in each frame. */
function* toggling(page: ScriptedPage, perFrame: number, id: number, name: string, values: [string, string]) {
  for (;;)
    yield page.frame(() => {
      times(perFrame, (i) => page.attribute(id, name, values[i % 2]!))
      page.attribute(id, name, values[Math.floor(Math.random() * 2)]!)
    })
}

const MOVING = '@keyframes k{from{transform:translate(0)}to{transform:translate(40px,40px) rotate(9deg)}}'

export const STORMS: Record<string, Storm> = {
  *calm(page) {
    yield into(page, () => paragraphs(page, 100))
  },

  *'nodes at once'(page) {
    yield into(page, () => paragraphs(page, 500_000))
  },

  *'nodes over time'(page) {
    for (let i = 0; i < 200; i++) yield into(page, () => paragraphs(page, 2_500))
  },

  *'nodes, and each class of html'(page) {
    yield into(page, () => sheet(page, '.a p{color:red;padding:1px}.b p{color:blue;padding:2px}'))
    for (let i = 0; i < 30; i++) yield into(page, () => paragraphs(page, 2_500))
    yield* toggling(page, 1, 2, 'class', ['a', 'b'])
  },

  *'deep nesting'(page) {
    yield into(page, () => times(20, () => nested(page, 5_000, 'div', '')))
  },

  *'deep inline-blocks'(page) {
    yield into(page, () => times(50, () => nested(page, 480, 'span', 'display:inline-block;padding:1px')))
  },

  *'deep flex'(page) {
    yield into(page, () =>
      times(20, () => nested(page, 480, 'div', 'display:flex;flex-wrap:wrap;min-width:min-content')),
    )
  },

  *'deep grid'(page) {
    yield into(page, () =>
      times(20, () => nested(page, 480, 'div', 'display:grid;grid-template-columns:auto minmax(min-content,1fr)')),
    )
  },

  *'deep tables'(page) {
    yield into(page, () => times(20, () => nested(page, 480, 'div', 'display:table;border-collapse:collapse')))
  },

  *'wide table'(page) {
    yield into(page, () =>
      page.element('table', [['border', '1']], () =>
        times(300, (row) =>
          page.element('tr', [], () =>
            times(200, (i) =>
              page.element('td', [['colspan', `${1 + ((row * 7 + i) % 40)}`]], () => page.text('cell')),
            ),
          ),
        ),
      ),
    )
  },

  *'wide grid'(page) {
    yield into(page, () =>
      page.element(
        'div',
        [['style', 'display:grid;grid-template-columns:repeat(1000,minmax(min-content,auto));grid-auto-flow:dense']],
        () =>
          times(20_000, (i) =>
            page.element('i', [['style', `grid-column:span ${1 + (i % 37)};grid-row:span ${1 + (i % 11)}`]], () =>
              page.text('x'),
            ),
          ),
      ),
    )
  },

  *'floats and columns'(page) {
    yield into(page, () =>
      page.element('div', [['style', 'columns:40;column-fill:balance']], () =>
        times(20_000, (i) =>
          page.element(
            'p',
            [['style', `float:${i % 2 ? 'left' : 'right'};width:${i % 90}%;shape-outside:circle()`]],
            () => page.text('some words in a float'),
          ),
        ),
      ),
    )
  },

  *'blur storm'(page) {
    yield into(page, () => {
      sheet(
        page,
        `${MOVING}i{position:fixed;inset:0;filter:blur(50px) hue-rotate(9deg);animation:k 1s infinite alternate;mix-blend-mode:difference;background:linear-gradient(red,blue)}
        b{position:fixed;inset:9px;backdrop-filter:blur(40px);box-shadow:0 0 900px 400px rgb(9 9 9/.1),inset 0 0 900px red}`,
      )
      times(500, () => {
        page.element('i', [], () => page.text('x'))
        page.element('b', [], () => page.text('x'))
      })
    })
  },

  *'10,000 animations'(page) {
    yield into(page, () => {
      sheet(
        page,
        '@keyframes k{from{width:1px;margin:1px}to{width:90%;margin:20px}}i{display:block;animation:k 3s infinite alternate}',
      )
      times(10_000, () => page.element('i', [], () => page.text('moving')))
    })
  },

  *'10,000 painted animations'(page) {
    yield into(page, () => {
      sheet(
        page,
        '@keyframes k{from{box-shadow:0 0 9px red;background-position:0}to{box-shadow:0 0 99px blue;background-position:99px}}i{display:inline-block;animation:k 3s infinite alternate;background:repeating-conic-gradient(red 1%,blue 3%)}',
      )
      times(10_000, () => page.element('i', [], () => page.text('moving')))
    })
  },

  *'SVG filters'(page) {
    const svg = (name: string, attributes: [string, string][], fill = () => {}) =>
      page.element(name, attributes, fill, ITEMS.svg)
    yield into(page, () =>
      times(40, (n) =>
        svg(
          'svg',
          [
            ['width', '2000'],
            ['height', '2000'],
            ['style', 'position:fixed;top:0;left:0'],
          ],
          () => {
            svg(
              'filter',
              [
                ['id', `f${n}`],
                ['x', '0'],
                ['y', '0'],
                ['width', '1'],
                ['height', '1'],
              ],
              () => {
                svg(
                  'feTurbulence',
                  [
                    ['type', 'fractalNoise'],
                    ['baseFrequency', '0.9'],
                    ['numOctaves', '40'],
                  ],
                  () =>
                    svg('animate', [
                      ['attributeName', 'baseFrequency'],
                      ['values', '0.1;0.9'],
                      ['dur', '1s'],
                      ['repeatCount', 'indefinite'],
                    ]),
                )
                svg('feMorphology', [
                  ['operator', 'dilate'],
                  ['radius', '90'],
                ])
                svg('feGaussianBlur', [['stdDeviation', '90']])
              },
            )
            svg('rect', [
              ['width', '2000'],
              ['height', '2000'],
              ['filter', `url(#f${n})`],
            ])
          },
        ),
      ),
    )
  },

  *'SVG in SVG'(page) {
    const svg = (name: string, attributes: [string, string][], fill = () => {}) =>
      page.element(name, attributes, fill, ITEMS.svg)
    // Each group shows the one before it ten times.
    yield into(page, () =>
      svg(
        'svg',
        [
          ['width', '900'],
          ['height', '900'],
        ],
        () => {
          svg('g', [['id', 'g0']], () => svg('circle', [['r', '9']]))
          times(9, (n) =>
            svg('g', [['id', `g${n + 1}`]], () =>
              times(10, (i) =>
                svg('use', [
                  ['href', `#g${n}`],
                  ['x', `${i}`],
                ]),
              ),
            ),
          )
        },
      ),
    )
  },

  *'pictures that draw'(page) {
    const picture = (n: number) =>
      `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="4000"><filter id="f"><feTurbulence baseFrequency=".${n}9" numOctaves="99"/><feGaussianBlur stdDeviation="99"/></filter><rect width="4000" height="4000" filter="url(#f)"/></svg>`)}`
    yield into(page, () =>
      times(60, (n) =>
        page.element('img', [
          ['src', picture(n)],
          ['style', 'position:fixed;inset:0;width:100%'],
        ]),
      ),
    )
  },

  *canvases(page) {
    const ids: number[] = []
    yield into(page, () =>
      times(200, () =>
        ids.push(
          page.element('canvas', [
            ['width', '5000'],
            ['height', '5000'],
          ]),
        ),
      ),
    )
    for (;;)
      yield page.frame(() => {
        for (const id of ids) {
          page.writer.byte(OPS.picture)
          page.writer.uint(id)
          page.writer.bytes(Uint8Array.of(PICTURES.unreadable))
        }
      })
  },

  *'rules before nodes'(page) {
    yield into(page, () => sheet(page, rules(100_000)))
    yield into(page, () => paragraphs(page, 50_000))
  },

  *'rules after nodes'(page) {
    yield into(page, () => paragraphs(page, 50_000))
    yield into(page, () => sheet(page, rules(100_000)))
  },

  *'many long sheets'(page) {
    yield into(page, () => paragraphs(page, 10_000))
    for (let i = 0; i < 20; i++) yield into(page, () => sheet(page, '.x{color:red}'.repeat(250_000)))
  },

  *'selectors of :has'(page) {
    yield into(page, () => paragraphs(page, 20_000))
    yield into(page, () =>
      sheet(page, Array.from({ length: 2_000 }, (_, i) => `:has(p:nth-child(${i}n+1) ~ .z${i}) p{color:red}`).join('')),
    )
    yield* toggling(page, 1, 2, 'class', ['a', 'b'])
  },

  *'nth-child and new nodes'(page) {
    yield into(page, () =>
      sheet(
        page,
        Array.from({ length: 500 }, (_, i) => `p:nth-last-child(${i + 2}n+1 of .x) ~ p{top:${i}px}`).join(''),
      ),
    )
    for (let i = 0; i < 200; i++) yield into(page, () => paragraphs(page, 500))
  },

  *'one long text'(page) {
    yield into(page, () =>
      page.element('p', [['style', 'overflow-wrap:anywhere;text-wrap:balance;hyphens:auto']], () =>
        times(5, () => page.text('word\u00ad\u0301\u202eא '.repeat(200_000))),
      ),
    )
  },

  *'text flood'(page) {
    yield into(page, () => page.element('p', [], () => page.text('x')))
    for (;;)
      yield page.frame(() => {
        page.writer.byte(OPS.text)
        page.writer.uint(BODY + 2)
        page.writer.string(`${Math.random()} words and words `.repeat(20_000))
      })
  },

  *'attribute storm'(page) {
    yield into(page, () => {
      sheet(page, '.a{padding:1px}.b{padding:2px}')
      paragraphs(page, 20_000)
    })
    yield* toggling(page, 500, BODY, 'class', ['a', 'b'])
  },

  *'viewport storm'(page) {
    yield into(page, () => paragraphs(page, 50_000))
    for (let i = 0; ; i++) yield page.frame(() => page.viewport(300 + ((i * 37) % 900), 700))
  },

  *iframes(page) {
    yield into(page, () => times(2_000, () => page.element('iframe', [])))
  },
}

/** Rules that each match each paragraph, or ask much of it. */
function rules(count: number): string {
  return Array.from({ length: count }, (_, i) =>
    i % 2 ? `.x{--a${i % 100}:${i}}` : `body :nth-child(${2 + (i % 7)}n+1) ~ :not(.z${i}){top:${i % 9}px}`,
  ).join('')
}
