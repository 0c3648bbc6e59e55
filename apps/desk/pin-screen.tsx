import { useSignal } from '@preact/signals'
import { ArrowRight, CircleAlert, Ear, Headset, MousePointerClick } from 'lucide'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'
import { LongPin, PIN_LENGTH, PinBoxes } from './pin-boxes.tsx'
import type { Problem } from './problem.ts'
import { backToForm, join } from './session.ts'
import { t } from './texts/language.ts'
import { WaitCount } from './wait-count.tsx'

const STEPS = [
  { icon: Headset, title: 'form.step1.title', text: 'form.step1.text' },
  { icon: Ear, title: 'form.step2.title', text: 'form.step2.text' },
  { icon: MousePointerClick, title: 'form.step3.title', text: 'form.step3.text' },
] as const

/** The server says so where generated codes have more than six digits. */
const HAS_LONG_CODES = document.getElementById('desk')?.dataset.code === 'long'

/** Where a session begins: the code form, and what to say to the customer. */
export function PinScreen({ pin, problem }: { pin: string; problem: Problem | undefined }) {
  const long = useSignal(pin === '' ? HAS_LONG_CODES : !/^\d{6}$/.test(pin))
  const typed = useSignal(pin)
  /** What is wrong with the code that was typed when it was said. */
  const complaint = useSignal({ code: '', text: '' })
  const form = useRef<HTMLFormElement>(null)

  // Before the next key: a later effect would wipe out what was typed meanwhile.
  useLayoutEffect(() => {
    if (problem) typed.value = ''
    form.current?.querySelector<HTMLInputElement>('.pin-field input')?.focus()
  }, [problem, long.value])

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const code = typed.value.replace(/[\s-]/g, '')
    const short = long.value ? code.length === 0 : code.length < PIN_LENGTH
    if (!short) return join(code)
    complaint.value = { code: typed.value, text: t(long.value ? 'form.empty' : 'form.short') }
    form.current?.querySelector<HTMLInputElement>('.pin-field input:placeholder-shown')?.focus()
  }
  const said = complaint.value.code === typed.value ? complaint.value.text : ''

  return (
    <div class="pin-screen">
      <form ref={form} class="card pin-card" onSubmit={submit} noValidate>
        <h1>{t('form.title')}</h1>
        <p class="lead" id="pin-hint">
          {t(long.value ? 'form.long' : 'form.six')}
        </p>
        <div class="pin-field" key={long.value ? 'long' : 'boxes'}>
          {long.value ? (
            <LongPin value={typed} invalid={!!problem} />
          ) : (
            <PinBoxes value={typed} invalid={!!problem} onLonger={() => (long.value = true)} />
          )}
        </div>
        <div class="pin-error" id="pin-error" role="alert">
          {said ? <p class="note note-plain">{said}</p> : problem && <ProblemNote problem={problem} />}
        </div>
        <div class="pin-actions">
          <label class="switch">
            <input
              type="checkbox"
              role="switch"
              aria-checked={long.value}
              checked={long.value}
              onChange={(event) => {
                long.value = event.currentTarget.checked
                typed.value = ''
                complaint.value = { code: '', text: '' }
                backToForm()
              }}
            />
            <span class="switch-track" />
            {t('form.longer')}
          </label>
          <button class="button button-main" type="submit">
            {t('form.join')}
            <Icon node={ArrowRight} />
          </button>
        </div>
      </form>
      <ol class="steps" aria-label={t('form.steps')}>
        {STEPS.map(({ icon, title, text }) => (
          <li key={title}>
            <span class="step-icon">
              <Icon node={icon} size={20} />
            </span>
            <span>
              <strong>{t(title)}</strong>
              <span class="step-text">{t(text)}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

function ProblemNote({ problem }: { problem: Problem }) {
  return (
    <div class="note note-bad">
      <Icon node={CircleAlert} size={20} />
      <div>
        <strong>{problem.title}</strong>
        <p>{problem.text}</p>
        {problem.wait && <WaitCount seconds={problem.wait} />}
        <p class="error-number">{t('failed.number', { code: String(problem.code) })}</p>
      </div>
    </div>
  )
}
