import { findWrong } from '@alongside/mirror/trial'
import { computed, signal } from '@preact/signals'
import { access } from '../address.ts'
import { describeProblem, type Problem } from '../problem.ts'
import { t } from '../texts/language.ts'
import {
  type Change,
  type Detector,
  type Draft,
  type DraftRule,
  type Fault,
  faultOf,
  findPlainFault,
  listChanges,
  type MaskBody,
  newRule,
  toBody,
  toDraft,
} from './mask-draft.ts'

/** Where the rules stand: on their way, there, or why not. */
export const loading = signal<{ name: 'loading' } | { name: 'there' } | { name: 'failed'; problem: Problem }>({
  name: 'loading',
})

/** What is edited. */
export const draft = signal<Draft>({ rules: [], detectors: [] })

/** What was said last about saving. */
export const said = signal<{ text: string; bad: boolean } | undefined>(undefined)

/** Earlier drafts, the newest last. */
export const undone = signal<Draft[]>([])

/** As the server has it. */
const saved = signal('')

/** The server's name for what it has. */
let tag = ''

interface Clash {
  theirs: MaskBody
  tag: string
  changes: Change[]
}

/** Somebody else saved since the rules were read: what they made of them, until it is decided whose stand. */
export const clash = signal<Clash | undefined>(undefined)

/** What the server found wrong, until that rule is edited. */
const refused = signal<{ id: number; fault: Fault } | undefined>(undefined)

/** As many steps back as one remembers making. */
const MAX_STEPS = 50

export const isChanged = computed(
  () => loading.value.name === 'there' && JSON.stringify(toBody(draft.value)) !== saved.value,
)

/** What is wrong, by the rules' numbers. */
export const faults = computed(() => {
  const { rules } = draft.value
  const wrong = findWrong(trialRules(draft.value))
  const found = new Map<number, Fault>()
  for (const [at, rule] of rules.entries()) {
    const setting = wrong.get(at)
    const fault = findPlainFault(rule, rules) ?? (setting === undefined ? undefined : faultOf(setting))
    if (fault) found.set(rule.id, fault)
  }
  if (refused.value && !found.has(refused.value.id)) found.set(refused.value.id, refused.value.fault)
  return found
})

/** The rules in the words of the mask gate. */
export function trialRules({ rules }: Draft) {
  return toBody({ rules, detectors: [] }).rules.map(
    ({ mask_type, mask_css_selectors, mask_html_attributes, unmask_css_selectors, ...rule }) => ({
      ...rule,
      ...(mask_type ? { maskType: mask_type } : {}),
      ...(mask_css_selectors ? { maskCssSelectors: mask_css_selectors } : {}),
      ...(mask_html_attributes ? { maskHTMLAttributes: mask_html_attributes } : {}),
      ...(unmask_css_selectors ? { unmaskCssSelectors: unmask_css_selectors } : {}),
    }),
  )
}

/** Gets the rules, unless some are being edited. */
export async function load(): Promise<void> {
  if (isChanged.value) return
  loading.value = { name: 'loading' }
  const answer = await ask('GET')
  if ('body' in answer) {
    take(answer.body)
    tag = answer.tag
  }
  loading.value = 'body' in answer ? { name: 'there' } : { name: 'failed', problem: answer.problem }
}

export async function save(): Promise<void> {
  const [first] = faults.value.keys()
  if (first !== undefined) {
    said.value = { text: t('rules.unsaved.faults'), bad: true }
    const wrong = document
      .getElementById(`rule-${first}-name`)
      ?.closest<HTMLElement>('.rule')
      ?.querySelector<HTMLElement>('[aria-invalid=true]')
    wrong?.focus()
    // What to do stands below the field.
    wrong?.parentElement?.scrollIntoView({ block: 'nearest' })
    return
  }
  const sent = draft.value
  const answer = await ask('PUT', toBody(sent))
  if ('body' in answer) {
    tag = answer.tag
    saved.value = JSON.stringify(toBody(sent))
    said.value = { text: t('rules.saved'), bad: false }
    return
  }
  if (answer.problem.code === 1123) return meet()
  const [, at, setting] = /^rules\.(\d+)(?:\.(\w+))?/.exec(answer.setting) ?? []
  const rule = sent.rules[Number(at)]
  if (at !== undefined && rule) refused.value = { id: rule.id, fault: faultOf(setting ?? '') }
  said.value = { text: rule ? t('rules.unsaved.faults') : answer.problem.text, bad: true }
}

/** Gets what the other one saved, to be decided about. */
async function meet(): Promise<void> {
  const answer = await ask('GET')
  said.value = { text: 'problem' in answer ? answer.problem.text : t('error.1123.title'), bad: true }
  if (!('body' in answer)) return
  // In the draft's words, as what was saved is.
  const theirs = toBody(toDraft(answer.body))
  clash.value = { theirs, tag: answer.tag, changes: listChanges(JSON.parse(saved.value), theirs) }
}

/** Their rules are edited on. */
export function takeTheirs(): void {
  if (!clash.value) return
  change(toDraft(clash.value.theirs))
  knowTheirs(clash.value)
  said.value = { text: t('rules.clash.taken'), bad: false }
}

/** Ours are saved in the place of theirs. */
export async function keepMine(): Promise<void> {
  if (clash.value) knowTheirs(clash.value)
  await save()
}

/** Nothing is decided: saving asks again. */
export function stay(): void {
  clash.value = undefined
}

function knowTheirs(met: Clash): void {
  saved.value = JSON.stringify(met.theirs)
  tag = met.tag
  clash.value = undefined
}

export function addRule(): number {
  const names = new Set(draft.value.rules.map(({ name }) => name.trim()))
  let index = draft.value.rules.length + 1
  while (names.has(t('rules.new', { index }))) index++
  const rule = newRule(t('rules.new', { index }))
  change({ ...draft.value, rules: [...draft.value.rules, rule] })
  return rule.id
}

/** What was edited last: further keys in the same field are the same step. */
let editing = ''

export function editRule(rule: DraftRule, field: keyof DraftRule): void {
  if (refused.value?.id === rule.id) refused.value = undefined
  const step = `${rule.id} ${field}`
  if (editing !== step) remember()
  editing = step
  draft.value = { ...draft.value, rules: draft.value.rules.map((one) => (one.id === rule.id ? rule : one)) }
  said.value = undefined
}

export function deleteRule({ id, name }: DraftRule): void {
  change({ ...draft.value, rules: draft.value.rules.filter((one) => one.id !== id) })
  said.value = { text: t('rules.deleted', { name }), bad: false }
}

export function setDetector(detector: Detector, on: boolean): void {
  const others = draft.value.detectors.filter((one) => one !== detector)
  change({ ...draft.value, detectors: on ? [...others, detector] : others })
}

export function undo(): void {
  const before = undone.value.at(-1)
  if (!before) return
  editing = ''
  undone.value = undone.value.slice(0, -1)
  draft.value = before
  said.value = undefined
}

/** Goes back to what the server has. */
export function discard(): void {
  if (saved.value) take(JSON.parse(saved.value))
}

function take(body: MaskBody): void {
  draft.value = toDraft(body)
  saved.value = JSON.stringify(toBody(draft.value))
  undone.value = []
  said.value = undefined
  refused.value = undefined
}

function change(next: Draft): void {
  remember()
  editing = ''
  draft.value = next
  said.value = undefined
}

function remember(): void {
  undone.value = [...undone.value, draft.value].slice(-MAX_STEPS)
}

type Answer = { body: MaskBody; tag: string } | { problem: Problem; setting: string }

async function ask(method: 'GET' | 'PUT', body?: MaskBody): Promise<Answer> {
  try {
    const answer = await fetch('/agent/mask', {
      method,
      headers: {
        authorization: `Bearer ${access.token}`,
        ...(body ? { 'content-type': 'application/json', 'if-match': tag } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const said = (await answer.json()) as MaskBody & { code?: number; message?: string; setting?: string }
    if (answer.ok) return { body: said, tag: answer.headers.get('etag') ?? '*' }
    const failure = { code: said.code ?? 9999, name: '', errorMsg: said.message ?? '' }
    return { problem: describeProblem(failure), setting: said.setting ?? '' }
  } catch {
    return { problem: describeProblem({ code: 1016, name: '', errorMsg: '' }), setting: '' }
  }
}
