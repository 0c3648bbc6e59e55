import type { Page } from 'playwright'
import { weighMessages } from './messages.ts'
import { renderPage } from './page.ts'
import { inTurn, type Row, spread } from './spread.ts'
import { type Stage, SUBJECTS, type SubjectName, settle } from './stage.ts'

interface Sample {
  microsecondsPerNode: number
  rawPerNode: number
  deflatedPerNode: number
  longestTask: number
}

/** The first picture of pages of several sizes: CPU time of the main thread, bytes, and the longest task it makes. */
export async function measureSnapshots(stage: Stage, sizes: number[], rounds: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const size of sizes) rows.push(...(await measurePage(stage, renderPage(size), `snapshot ${size} nodes`, rounds)))
  return rows
}

async function measurePage(stage: Stage, html: string, name: string, rounds: number): Promise<Row[]> {
  const samples: Record<SubjectName, Sample[]> = { mirror: [], recorder: [] }
  for (let round = 0; round < rounds; round++) {
    const idle = await idleCpu(stage, html)
    for (const subject of inTurn(SUBJECTS, round)) samples[subject].push(await takeSnapshot(stage, html, subject, idle))
  }
  const row = (what: string, unit: string, read: (sample: Sample) => number): Row => ({
    name: `${name}: ${what}`,
    unit,
    mirror: spread(samples.mirror.map(read)),
    recorder: spread(samples.recorder.map(read)),
  })
  return [
    row('main thread per node', 'µs', (sample) => sample.microsecondsPerNode),
    row('bytes per node', 'B', (sample) => sample.rawPerNode),
    row('bytes per node, deflated', 'B', (sample) => sample.deflatedPerNode),
    row('longest task', 'ms', (sample) => sample.longestTask),
  ]
}

/** What the page and the watching of it cost with neither product at work. */
async function idleCpu(stage: Stage, html: string): Promise<number> {
  const act = await stage.open(html)
  const before = await act.cpu()
  await settle(act.page)
  const cpu = (await act.cpu()) - before
  await act.close()
  return cpu
}

async function takeSnapshot(stage: Stage, html: string, subject: SubjectName, idle: number): Promise<Sample> {
  const act = await stage.open(html, subject)
  const nodes = await countNodes(act.page)
  const before = await act.cpu()
  await startRecording(act.page)
  await settle(act.page)
  const cpu = (await act.cpu()) - before - idle
  const weight = await weighMessages(act.page)
  await act.close()
  const watched = await stage.open(html, subject)
  const longestTask = await longestTaskDuring(watched.page, 'record')
  await watched.close()
  return {
    microsecondsPerNode: (1000 * cpu) / nodes,
    rawPerNode: weight.raw / nodes,
    deflatedPerNode: weight.deflated / nodes,
    longestTask,
  }
}

export function startRecording(page: Page): Promise<void> {
  return page.evaluate(() => {
    window.subject?.record((message) => window.messages.push(message))
  })
}

/** Starts recording, or runs a burst, while a message channel ticks: the longest gap between two ticks, in ms. */
export function longestTaskDuring(page: Page, what: 'record' | { run: string }): Promise<number> {
  return page.evaluate(async (what) => {
    const channel = new MessageChannel()
    let longest = 0
    let last = performance.now()
    const tick = () => {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
      channel.port2.postMessage(0)
    }
    channel.port1.onmessage = tick
    tick()
    await new Promise((resolve) => setTimeout(resolve, 30))
    longest = 0
    if (what === 'record') window.subject?.record((message) => window.messages.push(message))
    else await window.bursts?.[what.run]?.()
    for (let quiet = 0, seen = -1; quiet < 4; ) {
      await new Promise((resolve) => setTimeout(resolve, 25))
      quiet = window.messages.length === seen ? quiet + 1 : 0
      seen = window.messages.length
    }
    channel.port1.close()
    return longest
  }, what)
}

function countNodes(page: Page): Promise<number> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document)
    let count = 1
    while (walker.nextNode()) count++
    return count
  })
}
