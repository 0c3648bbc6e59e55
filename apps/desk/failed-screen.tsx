import { CircleAlert } from 'lucide'
import { canEnterCodes } from './address.ts'
import { Icon } from './icon.tsx'
import type { Problem } from './problem.ts'
import { backToForm, joinByLink, tryAgain } from './session.ts'
import { t } from './texts/language.ts'

/** What may be over in a moment: the line, the server, a customer who is busy or does not look. */
const PASSING = new Set([1001, 1016, 1017, 1113, 1114, 9999])

/** An error that another code would not mend. */
export function FailedScreen({ problem }: { problem: Problem }) {
  return (
    <section class="card message-card" role="alert">
      <span class="message-icon message-icon-bad">
        <Icon node={CircleAlert} size={26} />
      </span>
      <h1>{problem.title}</h1>
      <p class="lead">{problem.text}</p>
      <div class="message-actions">
        {actions(problem).map(({ text, act }, index) => (
          <button
            class={index ? 'button' : 'button button-main'}
            type="button"
            key={text}
            onClick={act}
            ref={(button) => {
              if (index === 0) button?.focus()
            }}
          >
            {t(text)}
          </button>
        ))}
      </div>
      <p class="error-number">{t('failed.number', { code: String(problem.code) })}</p>
    </section>
  )
}

/** What can be done about it, the likeliest first. A link that was used leads nowhere. */
function actions({ code }: Problem): { text: 'failed.again' | 'failed.back'; act(): void }[] {
  if (!canEnterCodes) return code === 1118 ? [] : [{ text: 'failed.again', act: joinByLink }]
  const back = { text: 'failed.back', act: backToForm } as const
  return PASSING.has(code) ? [{ text: 'failed.again', act: () => tryAgain() }, back] : [back]
}
