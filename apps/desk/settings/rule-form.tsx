import { Trash2 } from 'lucide'
import { Icon } from '../icon.tsx'
import { t } from '../texts/language.ts'
import { type DraftRule, type Fault, MASK_TYPES, type MaskType } from './mask-draft.ts'
import { deleteRule, editRule, faults } from './mask-settings.ts'
import { trial } from './trial.ts'

/** The texts of a rule, with what is wrong when one is. */
const FIELDS = [
  { field: 'name', fault: 'name' },
  { field: 'url', fault: 'url' },
  { field: 'maskCssSelectors', fault: 'selectors' },
  { field: 'maskHTMLAttributes', fault: 'attributes' },
  { field: 'unmaskCssSelectors', fault: 'unmask' },
] as const satisfies { field: keyof DraftRule; fault: Fault }[]

/** One rule, open to be edited. */
export function RuleForm({ rule }: { rule: DraftRule }) {
  const fault = faults.value.get(rule.id)
  const count = trial.value.name === 'shown' ? trial.value.counts.get(rule.id) : undefined
  const id = (part: string) => `rule-${rule.id}-${part}`
  return (
    <li class={fault ? 'card rule rule-wrong' : 'card rule'} aria-label={rule.name}>
      {FIELDS.map(({ field, fault: own }) => {
        const wrong = fault === own || (fault === 'nothing' && field === 'maskCssSelectors')
        return (
          <div key={field} class={`rule-field rule-${field}`}>
            <label for={id(field)}>{t(`rules.field.${field}`)}</label>
            <Text id={id(field)} rule={rule} field={field} wrong={wrong} describedBy={id(`${field}-fault`)} />
            <p class="rule-fault" id={id(`${field}-fault`)} role="status">
              {wrong && fault ? t(`rules.fault.${fault}`) : ''}
            </p>
          </div>
        )
      })}
      <label class="rule-field rule-type">
        <span>{t('rules.field.maskType')}</span>
        <select
          value={rule.maskType}
          onChange={(event) => editRule({ ...rule, maskType: event.currentTarget.value as MaskType }, 'maskType')}
        >
          {MASK_TYPES.map((type) => (
            <option key={type} value={type}>
              {t(`rules.type.${type}`)}
            </option>
          ))}
        </select>
      </label>
      <div class="rule-foot">
        {count && !fault && <p class="rule-count">{count}</p>}
        <button
          class="tool"
          type="button"
          aria-label={t('rules.delete', { name: rule.name })}
          title={t('rules.delete', { name: rule.name })}
          onClick={() => deleteRule(rule)}
        >
          <Icon node={Trash2} size={17} />
        </button>
      </div>
    </li>
  )
}

interface TextProps {
  id: string
  rule: DraftRule
  field: (typeof FIELDS)[number]['field']
  wrong: boolean
  describedBy: string
}

function Text({ id, rule, field, wrong, describedBy }: TextProps) {
  const shared = {
    id,
    value: rule[field],
    spellcheck: false,
    autocomplete: 'off' as const,
    'aria-invalid': wrong,
    ...(wrong ? { 'aria-describedby': describedBy } : {}),
    onInput: (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      editRule({ ...rule, [field]: event.currentTarget.value }, field),
  }
  if (field === 'name') return <input {...shared} maxLength={80} dir="auto" />
  if (field === 'url') return <textarea {...shared} rows={1} dir="ltr" placeholder="/account/*" />
  return <input {...shared} dir="ltr" placeholder={PLACEHOLDERS[field]} />
}

const PLACEHOLDERS = {
  maskCssSelectors: '.iban, td.balance',
  maskHTMLAttributes: 'data-private=yes',
  unmaskCssSelectors: '.public',
}
