import { Plus, ShieldCheck } from 'lucide'
import { useRef } from 'preact/hooks'
import { Icon } from '../icon.tsx'
import { t } from '../texts/language.ts'
import { DETECTORS } from './mask-draft.ts'
import { addRule, draft, setDetector } from './mask-settings.ts'
import { RuleForm } from './rule-form.tsx'

/** The rules of the key, and what is found without any. */
export function RuleList() {
  const { rules, detectors } = draft.value
  const list = useRef<HTMLUListElement>(null)
  const add = () => {
    const id = addRule()
    // The form is there a render later.
    requestAnimationFrame(() => {
      const name = document.getElementById(`rule-${id}-name`) as HTMLInputElement | null
      name?.focus()
      name?.select()
    })
  }
  return (
    <>
      <div class="settings-row">
        <h2 id="rules-title">{t('rules.list')}</h2>
        <button class="button button-small" type="button" onClick={add}>
          <Icon node={Plus} size={16} />
          {t('rules.add')}
        </button>
      </div>
      <p class="devices-note">{t('rules.intro')}</p>
      {rules.length === 0 ? (
        <div class="card devices-empty">
          <Icon node={ShieldCheck} size={26} />
          <p>{t('rules.none')}</p>
        </div>
      ) : (
        <ul class="rule-list" ref={list}>
          {rules.map((rule) => (
            <RuleForm key={rule.id} rule={rule} />
          ))}
        </ul>
      )}
      <fieldset class="rule-detectors">
        <legend>{t('rules.detectors')}</legend>
        <p class="devices-note">{t('rules.detectors.text')}</p>
        {DETECTORS.map((detector) => (
          <label key={detector} class="invite-check">
            <input
              type="checkbox"
              checked={detectors.includes(detector)}
              onChange={(event) => setDetector(detector, event.currentTarget.checked)}
            />
            {t(`rules.detector.${detector}`)}
          </label>
        ))}
      </fieldset>
    </>
  )
}
