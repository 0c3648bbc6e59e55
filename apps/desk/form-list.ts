import type { SessionError } from '@alongside/sdk/agent'
import { effect, type Signal, signal } from '@preact/signals'
import { describeProblem, type Problem } from './problem.ts'
import { ready, state } from './session.ts'

/** How often a list is asked for while it is on the screen. */
const REFRESH_MS = 4_000

/** What is known of a list beside the form. */
export type Listed<List> =
  | { name: 'loading' }
  | { name: 'listed'; list: List }
  /** The SDK key has no such list. */
  | { name: 'off' }
  | { name: 'failed'; problem: Problem }

/** 1115: the key has no such list. 2001: the form says what to do about the token. */
const OFF = new Set([1115, 2001])

type Answered<List> = Promise<{ success: true; list: List } | { success: false; error: SessionError }>

/** A list that is kept new while the form is on the screen. */
export interface FormList<List> {
  readonly now: Signal<Listed<List>>
  refresh(): Promise<void>
  /** Begins to keep it new; the returned function stops that. */
  watch(): () => void
}

/** `rows` is the class of its rows' element, `ask` gets the list; undefined before anybody can be asked. */
export function createFormList<List>(rows: string, ask: () => Answered<List> | undefined): FormList<List> {
  const now = signal<Listed<List>>({ name: 'loading' })
  let asked = 0
  const refresh = async () => {
    const turn = ++asked
    const answer = await ask()
    // An older answer must not replace a newer one.
    if (!answer || turn !== asked) return
    if (answer.success) now.value = { name: 'listed', list: answer.list }
    else if (OFF.has(answer.error.code)) now.value = { name: 'off' }
    else now.value = { name: 'failed', problem: describeProblem(answer.error) }
  }
  // A row must not move away from under the pointer or the focus: the button of another customer would be pressed.
  const isAimedAt = () => document.querySelector(`.${rows}:is(:hover, :focus-within)`) !== null
  const watch = () => {
    const stop = effect(() => {
      if (ready.value) void refresh()
    })
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && state.value.name === 'form' && !isAimedAt()) void refresh()
    }, REFRESH_MS)
    return () => {
      clearInterval(timer)
      stop()
    }
  }
  return { now, refresh, watch }
}
