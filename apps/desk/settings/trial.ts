import { type RuleCount, readPage, type Trial, tryMask } from '@alongside/mirror/trial'
import { signal } from '@preact/signals'
import { state } from '../session.ts'
import { t } from '../texts/language.ts'
import { draft, faults, trialRules } from './mask-settings.ts'

/** How a trial stands. */
export const trial = signal<
  | { name: 'none' }
  | { name: 'failed' }
  /** What each rule does, by the rules' numbers, and how many are left out because they are wrong. */
  | { name: 'shown'; counts: Map<number, string>; wrong: number }
>({ name: 'none' })

let open: Trial | undefined
let turns = 0

/** Shows a page and what agents would see of it under the rules as they are edited now. Nothing is saved or sent. */
export async function run(html: string, address: string, page: HTMLElement, copy: HTMLElement): Promise<void> {
  const turn = ++turns
  const { rules, detectors } = draft.value
  try {
    const mask = { rules: trialRules(draft.value), detectors }
    const next = await tryMask({
      html,
      href: toHref(address),
      mask,
      page,
      copy,
      titles: { page: t('try.page'), copy: t('try.copy') },
      frameUrl: `${location.origin}/replica`,
    })
    // Another one was begun meanwhile, or none is wanted any more.
    if (turn !== turns) return next.close()
    open?.close()
    open = next
    const counts = new Map<number, string>()
    for (const [at, { id }] of rules.entries()) counts.set(id, describe(next.counts[at]))
    trial.value = { name: 'shown', counts, wrong: faults.value.size }
  } catch {
    if (turn !== turns) return
    stop()
    trial.value = { name: 'failed' }
  }
}

export function stop(): void {
  turns++
  open?.close()
  open = undefined
  trial.value = { name: 'none' }
}

/** The page of the session that this desk is in, as the agent sees it; undefined without one. */
export function readSessionPage(): string | undefined {
  const page = state.value.name === 'open' ? findCopy()?.contentDocument : undefined
  return page ? readPage(page) : undefined
}

export function hasSessionPage(): boolean {
  return state.value.name === 'open' && state.value.picture === 'shown'
}

function findCopy(): HTMLIFrameElement | null {
  return document.querySelector<HTMLIFrameElement>('.stage-root iframe')
}

/** A path is one of a site of no matter which name. */
function toHref(address: string): string {
  const typed = address.trim() || '/'
  if (URL.canParse(typed)) return typed
  return new URL(typed.startsWith('/') ? typed : `//${typed}`, location.origin).href
}

function describe(count: RuleCount | undefined): string {
  if (!count) return ''
  if (!count.here) return t('rules.count.elsewhere')
  if (count.masked === 'all') return t('rules.count.all')
  const masked = t('rules.count.masked', { number: count.masked })
  return count.unmasked ? `${masked} · ${t('rules.count.unmasked', { number: count.unmasked })}` : masked
}
