import type { AnnotationScene } from './in-page/annotation.ts'
import { renderPage } from './page.ts'
import { type Row, spread } from './spread.ts'
import { type Act, bundle, type Stage } from './stage.ts'

const FRAMES = 200

const NOBODY = { agents: 0, marks: 0, frames: FRAMES }

/** CPU time that drawing costs the customer's page in a frame, over what the same page takes without. No recorder draws,
 *  so that there is nothing to set it against. Headless Chromium draws without a graphics card, which a customer's has. */
export async function measureAnnotation(stage: Stage, rounds: number): Promise<Row[]> {
  const script = await bundle('annotation')
  for (const scrolls of [false, true])
    for (const [nodes, agents, marks] of [
      [1_000, 1, 1],
      [10_000, 1, 1],
      [10_000, 1, 10],
      [10_000, 1, 100],
      [10_000, 5, 1],
    ] as const) {
      const costs: number[] = []
      let idleFrames = 0
      for (let round = 0; round < rounds; round++) {
        const act = await stage.open(renderPage(nodes))
        await act.page.addScriptTag({ content: script })
        await measure(act, { ...NOBODY, scrolls })
        const alone = await measure(act, { ...NOBODY, scrolls })
        const drawing = await measure(act, { agents, marks, scrolls, frames: FRAMES })
        await act.close()
        costs.push((drawing.cpu - alone.cpu) / FRAMES)
        idleFrames += drawing.idleFrames
      }
      const { median, min, max } = spread(costs)
      const scene = `${nodes} nodes that ${scrolls ? 'scroll' : 'stand still'}, ${marks} marks, ${agents} drawing`
      const figures = `median ${median.toFixed(2)} ms, ${min.toFixed(2)} to ${max.toFixed(2)} ms a frame`
      console.log(`${scene}: ${figures}; ${idleFrames} frames while nothing is drawn`)
    }
  return []
}

async function measure({ page, cpu }: Act, scene: AnnotationScene) {
  const before = await cpu()
  const idleFrames = await page.evaluate((scene) => window.measureAnnotation(scene), scene)
  return { cpu: (await cpu()) - before, idleFrames }
}
