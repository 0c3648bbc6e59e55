import { CircleAlert } from 'lucide'
import { canEnterCodes } from './address.ts'
import { Icon } from './icon.tsx'
import type { Problem } from './problem.ts'
import { backToForm, joinByLink } from './session.ts'
import { t } from './texts/language.ts'

/** An error that another code would not mend. */
export function FailedScreen({ problem }: { problem: Problem }) {
  return (
    <section class="card message-card" role="alert">
      <span class="message-icon message-icon-bad">
        <Icon node={CircleAlert} size={26} />
      </span>
      <h1>{problem.title}</h1>
      <p class="lead">{problem.text}</p>
      {(canEnterCodes || problem.code !== 1118) && (
        <button
          class="button button-main"
          type="button"
          onClick={canEnterCodes ? backToForm : joinByLink}
          ref={(button) => {
            button?.focus()
          }}
        >
          {canEnterCodes ? t('failed.back') : t('failed.again')}
        </button>
      )}
      <p class="error-number">{t('failed.number', { code: String(problem.code) })}</p>
    </section>
  )
}
