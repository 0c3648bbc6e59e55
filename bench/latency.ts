import type { Page } from 'playwright'
import { renderPage } from './page.ts'
import { inTurn, type Row, spread } from './spread.ts'
import { type Stage, SUBJECTS, type SubjectName, settle } from './stage.ts'

const CHANGES = 100

export interface Timing {
  applied: number
  painted: number
}

/** From a change on the page to the same change in the copy, with both in one page and nothing between them. */
export async function measureLatency(stage: Stage, rounds: number): Promise<Row[]> {
  const samples: Record<SubjectName, Timing[]> = { mirror: [], recorder: [] }
  for (let round = 0; round < rounds; round++)
    for (const subject of inTurn(SUBJECTS, round)) samples[subject].push(...(await measureOne(stage, subject)))
  const row = (name: string, field: keyof Timing): Row => ({
    name: `one page, change → ${name}`,
    unit: 'ms',
    mirror: spread(samples.mirror.map((sample) => sample[field])),
    recorder: spread(samples.recorder.map((sample) => sample[field])),
  })
  return [row('applied', 'applied'), row('next frame', 'painted')]
}

export async function measureOne(stage: Stage, subject: SubjectName): Promise<Timing[]> {
  const script = stage.bundles[subject]
  const act = await stage.open('<!DOCTYPE html><body></body>', subject)
  await act.page.evaluate(
    async ({ script, html }) => {
      const source = document.createElement('iframe')
      source.style.cssText = 'width:600px;height:400px'
      source.srcdoc = html
      const loaded = new Promise((resolve) => source.addEventListener('load', resolve))
      document.body.append(source)
      await loaded
      const [inner, place] = [source.contentDocument!, document.createElement('div')]
      document.body.append(place)
      const copy = await window.subject!.replicate(place)
      inner.body.insertAdjacentHTML('afterbegin', '<p id="value">start</p>')
      const element = inner.createElement('script')
      element.textContent = script
      inner.head.append(element)
      element.remove()
      source.contentWindow!.subject!.record((message) => {
        window.messages.push(message)
        copy.apply(message)
      })
      window.pair = { source: inner, copy }
    },
    { script, html: renderPage(1_000) },
  )
  await settle(act.page)
  const samples = await timeChanges(act.page)
  await act.close()
  return samples
}

/** Changes the source, again and again, and waits for each change in the copy. */
export function timeChanges(page: Page): Promise<Timing[]> {
  return page.evaluate(async (changes) => {
    const { source, copy } = window.pair!
    const samples: Timing[] = []
    for (let change = 0; change < changes; change++) {
      // Changes come at any moment of a frame.
      await new Promise((resolve) => setTimeout(resolve, 20 + ((change * 7) % 17)))
      const text = `value ${change}`
      const target = copy.document()
      const applied = new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (target.getElementById('value')?.textContent !== text) return
          observer.disconnect()
          resolve(performance.now())
        })
        observer.observe(target, { subtree: true, childList: true, characterData: true })
      })
      const start = performance.now()
      source.getElementById('value')!.firstChild!.nodeValue = text
      const end = await applied
      const frame = await new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now())))
      samples.push({ applied: end - start, painted: frame - start })
    }
    return samples
  }, CHANGES)
}

declare global {
  interface Window {
    pair?: { source: Document; copy: { document(): Document } }
  }
}
