import type { AnnotationScene } from './in-page/annotation.ts'
import { renderPage } from './page.ts'
import { type Row, spread } from './spread.ts'
import { type Act, bundle, type Stage } from './stage.ts'

const FRAMES = 200

/** CPU time that drawing costs the customer's page in a frame, over what the same page takes when it hears none of it: of
 *  the main thread, which the budget of 1 ms is for, and apart from it of all other threads of the browser. No recorder
 *  draws, so that there is nothing to set it against. Headless Chromium draws without a graphics card, which a customer's
 *  has: what a worker paints is copied by a processor, too. */
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
      const scene = { agents, marks, scrolls, frames: FRAMES }
      const [main, others]: [number[], number[]] = [[], []]
      let idleFrames = 0
      for (let round = 0; round < rounds; round++) {
        const act = await stage.open(renderPage(nodes))
        await act.page.addScriptTag({ content: script })
        await measure(act, { ...scene, heard: false })
        const alone = await measure(act, { ...scene, heard: false })
        const drawing = await measure(act, { ...scene, heard: true })
        await act.close()
        main.push((drawing.main - alone.main) / FRAMES)
        others.push((drawing.others - alone.others) / FRAMES)
        idleFrames += drawing.idleFrames
      }
      const title = `${nodes} nodes that ${scrolls ? 'scroll' : 'stand still'}, ${marks} marks, ${agents} drawing`
      const costs = `main thread ${show(main)}; other threads ${show(others)} a frame`
      console.log(`${title}: ${costs}; ${idleFrames} frames while nothing is drawn`)
    }
  return []
}

async function measure({ page, cpu, cpuOfAll }: Act, scene: AnnotationScene) {
  const [main, all] = [await cpu(), await cpuOfAll()]
  const idleFrames = await page.evaluate((scene) => window.measureAnnotation(scene), scene)
  const [mainAfter, allAfter] = [await cpu(), await cpuOfAll()]
  return { main: mainAfter - main, others: allAfter - all - (mainAfter - main), idleFrames }
}

function show(costs: number[]): string {
  const { median, min, max } = spread(costs)
  return `median ${median.toFixed(2)} ms, ${min.toFixed(2)} to ${max.toFixed(2)} ms`
}
