import { CircleAlert } from 'lucide'
import { Icon } from './icon.tsx'
import type { Problem } from './problem.ts'
import { t } from './texts/language.ts'

/** In the place of a list that did not come. */
export function ListFailed({ problem: { code, text } }: { problem: Problem }) {
  return (
    <p class="devices-note devices-failed" role="alert">
      <Icon node={CircleAlert} size={18} />
      <span>
        {text} <span class="error-number">{t('failed.number', { code: String(code) })}</span>
      </span>
    </p>
  )
}
