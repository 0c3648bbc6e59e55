import { renderPage } from './page.ts'
import { type Row, spread } from './spread.ts'
import { type Act, bundle, type Stage } from './stage.ts'

const FRAMES = 200

/** CPU time that drawing costs the customer's page in a frame, over what the same page takes to scroll. No recorder draws,
 *  so that there is nothing to set it against. */
export async function measureAnnotation(stage: Stage, rounds: number): Promise<Row[]> {
  const script = await bundle('annotation')
  for (const [nodes, agents] of [
    [1_000, 1],
    [10_000, 1],
    [10_000, 5],
  ] as const) {
    const costs: number[] = []
    let idleFrames = 0
    for (let round = 0; round < rounds; round++) {
      const act = await stage.open(renderPage(nodes))
      await act.page.addScriptTag({ content: script })
      await measure(act, 0)
      const alone = await measure(act, 0)
      const drawing = await measure(act, agents)
      await act.close()
      costs.push((drawing.cpu - alone.cpu) / FRAMES)
      idleFrames += drawing.idleFrames
    }
    const { median, min, max } = spread(costs)
    const figures = `median ${median.toFixed(2)} ms, ${min.toFixed(2)} to ${max.toFixed(2)} ms a frame`
    console.log(`${nodes} nodes, ${agents} drawing: ${figures}; ${idleFrames} frames while nothing is drawn`)
  }
  return []
}

async function measure({ page, cpu }: Act, agents: number) {
  const before = await cpu()
  const idleFrames = await page.evaluate(([seats, frames]) => window.measureAnnotation(seats, frames), [
    agents,
    FRAMES,
  ] as const)
  return { cpu: (await cpu()) - before, idleFrames }
}
