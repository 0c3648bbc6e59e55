import { X } from 'lucide'
import { Icon } from '../icon.tsx'
import { t } from '../texts/language.ts'
import { dismiss, notices } from './notices.ts'

/** Over the copy: what happened a moment ago. Screen readers say it when it comes. */
export function NoticeList() {
  return (
    <div class="notices" role="status">
      {notices.value.map(({ id, text }) => (
        <p key={id} class="notice">
          {text}
          <button class="tool" type="button" aria-label={t('help.close')} onClick={() => dismiss(id)}>
            <Icon node={X} size={16} />
          </button>
        </p>
      ))}
    </div>
  )
}
