import type { Page } from 'playwright'
import { weighMessages } from './messages.ts'
import { renderTablePage } from './page.ts'
import { longestTaskDuring, startRecording } from './snapshot.ts'
import { inTurn, type Row, spread } from './spread.ts'
import { type Act, type Stage, SUBJECTS, type SubjectName, settle } from './stage.ts'

/** In this order, on one page. */
const BURSTS = ['append 1,000 rows', 'update every 10th row', 'swap two rows', 'churn 4,000 edits', 'clear']

interface Sample {
  cpu: number
  raw: number
  deflated: number
  longestTask: number
}

/** What many changes at once cost the page: the CPU time that recording them adds, the bytes, and the
 *  longest task, which is the page's own where its layout takes longer than either product. */
export async function measureBursts(stage: Stage, script: string, rounds: number): Promise<Row[]> {
  const plain: Sample[][] = []
  const samples: Record<SubjectName, Sample[][]> = { mirror: [], recorder: [] }
  for (let round = 0; round < rounds; round++) {
    plain.push(await runBursts(stage, script))
    for (const subject of inTurn(SUBJECTS, round)) samples[subject].push(await runBursts(stage, script, subject))
  }
  return [...BURSTS, 'all bursts'].flatMap((burst, index) => {
    const read = (runs: Sample[][], field: keyof Sample) => runs.map((run) => pick(run, index)[field])
    const alone = (field: keyof Sample) => spread(read(plain, field))
    const row = (what: string, unit: string, field: keyof Sample, less = 0): Row => ({
      name: `${burst}: ${what}`,
      unit,
      mirror: spread(read(samples.mirror, field).map((value) => value - less)),
      recorder: spread(read(samples.recorder, field).map((value) => value - less)),
    })
    return [
      row('added main thread', 'ms', 'cpu', alone('cpu').median),
      row('bytes', 'B', 'raw'),
      row('bytes, deflated', 'B', 'deflated'),
      { ...row('longest task', 'ms', 'longestTask'), alone: alone('longestTask') },
    ]
  })
}

function pick(run: Sample[], index: number): Sample {
  const sum = (field: keyof Sample) => run.reduce((total, sample) => total + sample[field], 0)
  return (
    run[index] ?? {
      cpu: sum('cpu'),
      raw: sum('raw'),
      deflated: sum('deflated'),
      longestTask: Math.max(...run.map((sample) => sample.longestTask)),
    }
  )
}

async function runBursts(stage: Stage, script: string, subject?: SubjectName): Promise<Sample[]> {
  const [act, watched] = [await prepare(stage, script, subject), await prepare(stage, script, subject)]
  const samples: Sample[] = []
  for (const burst of BURSTS) {
    const before = await act.cpu()
    await run(act.page, burst)
    await settle(act.page)
    const cpu = (await act.cpu()) - before
    const { raw, deflated } = await weighMessages(act.page)
    samples.push({ cpu, raw, deflated, longestTask: await longestTaskDuring(watched.page, { run: burst }) })
  }
  await act.close()
  await watched.close()
  return samples
}

async function prepare(stage: Stage, script: string, subject?: SubjectName): Promise<Act> {
  const act = await stage.open(renderTablePage(), subject)
  await act.page.addScriptTag({ content: script })
  await startRecording(act.page)
  await settle(act.page)
  await weighMessages(act.page)
  return act
}

function run(page: Page, burst: string): Promise<void> {
  return page.evaluate(async (name) => window.bursts?.[name]?.(), burst)
}
