import { type Capture, compileMask, type MaskRules, startCapture } from '../capture/index.ts'
import * as quiet from '../capture/quiet-css.ts'
import { countsAt } from '../capture/rule-address.ts'
import { createReplica, type Replica } from '../replica/index.ts'
import { cleanPage } from './clean-page.ts'

export { readPage } from './clean-page.ts'

/** One rule that is tried. */
export type TrialRule = NonNullable<MaskRules['rules']>[number]

/** What is tried: the `mask` of a key. */
export interface TrialMask {
  rules: readonly TrialRule[]
  detectors: readonly string[]
}

export interface TrialOptions {
  /** The page as HTML. Nothing of it runs, and nothing that it names is loaded. */
  html: string
  /** At which address the rules are asked. */
  href: string
  mask: TrialMask
  /** Where the page and what agents would see of it are shown. Both are 1,000 × 700 CSS pixels. */
  page: HTMLElement
  copy: HTMLElement
  /** What screen readers call the two. */
  titles: { page: string; copy: string }
  /** The inert document of the server, of the origin of the page that calls. */
  frameUrl: string
}

/** What a rule does on the page. */
export interface RuleCount {
  /** Whether it counts at the address. */
  here: boolean
  /** Elements that it masks, and that it opens, by themselves. `all`: it masks everything. */
  masked: number | 'all'
  unmasked: number
}

export interface Trial {
  /** In the order of the rules; undefined for one that is not valid, which is left out of the trial. */
  counts: (RuleCount | undefined)[]
  close(): void
}

/** Which rules no browser takes, by their places, each with the name of what is wrong in it. With one of them no session
 *  would start. */
export function findWrong(rules: readonly TrialRule[]): Map<number, string> {
  const wrong = new Map<number, string>()
  for (const [at, rule] of rules.entries()) {
    try {
      quiet.resolveRules({ mask: { rules: [rule] } }, location.href)
    } catch (error) {
      if (!(error instanceof Error && 'setting' in error)) throw error
      wrong.set(at, String(error.setting).replace(/^.*\./s, ''))
    }
  }
  return wrong
}

/** Shows a page beside what agents would see of it: captured behind the mask gate as in a session, in this page's memory.
 *  Scrolling the one scrolls the other. */
export async function tryMask(options: TrialOptions): Promise<Trial> {
  const { mask, href } = options
  const wrong = findWrong(mask.rules)
  const valid = mask.rules.filter((_, at) => !wrong.has(at))
  const compiled = compileMask(quiet.resolveRules({ mask: { rules: valid, detectors: mask.detectors } }, href), quiet)
  const frame = await openPage(options)
  const page = frame.contentDocument!
  let replica: Replica | undefined
  let capture: Capture | undefined
  const close = () => {
    capture?.close()
    replica?.close()
    frame.remove()
  }
  try {
    const copy = await createReplica(options.copy, { frameUrl: options.frameUrl })
    replica = copy
    copy.element.title = options.titles.copy
    const faults: unknown[] = []
    capture = startCapture(page, { mask: compiled, onError: (error) => faults.push(error) })
    capture.open({ ready: () => true, send: (bytes) => copy.apply(bytes) })
    capture.flush()
    if (faults.length) throw faults[0]
    return { counts: mask.rules.map((rule, at) => (wrong.has(at) ? undefined : count(rule, page, href))), close }
  } catch (error) {
    close()
    throw error
  }
}

/** The page in a frame without scripts, whose policy lets it load nothing. */
async function openPage({ html, page, frameUrl, titles }: TrialOptions): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', 'allow-same-origin')
  frame.setAttribute('referrerpolicy', 'no-referrer')
  frame.title = titles.page
  Object.assign(frame.style, { width: '1000px', height: '700px', border: '0' })
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  frame.src = frameUrl
  page.append(frame)
  await loaded
  const inner = frame.contentDocument
  if (!inner) {
    frame.remove()
    throw new Error('the frame cannot be reached: it must be of the same origin as this page')
  }
  inner.open()
  inner.write(cleanPage(html))
  inner.close()
  return frame
}

function count(rule: TrialRule, page: Document, href: string): RuleCount {
  const { masked, unmasked, fields, all } = quiet.readRules({ maskType: 'custom_input', ...rule })
  const named = new Set([...masked.within(page), ...fields.within(page)])
  const here = countsAt(rule.url, href)
  return { here, masked: all ? 'all' : named.size, unmasked: [...unmasked.within(page)].length }
}
