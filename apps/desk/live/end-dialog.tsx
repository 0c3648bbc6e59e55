import type { RefObject } from 'preact'
import { endForAll } from '../session.ts'
import { t } from '../texts/language.ts'

/** Asks before a session ends for everybody. */
export function EndDialog({
  dialog,
  customerName,
}: {
  dialog: RefObject<HTMLDialogElement | null>
  customerName: string
}) {
  return (
    <dialog class="confirm" ref={dialog} aria-labelledby="end-title">
      <form method="dialog">
        <h2 id="end-title">{t('end.title')}</h2>
        <p>{t('end.text', { name: customerName })}</p>
        <div class="confirm-actions">
          <button class="button" type="submit">
            {t('end.stay')}
          </button>
          <button class="button button-bad-solid" type="submit" onClick={endForAll}>
            {t('end.end')}
          </button>
        </div>
      </form>
    </dialog>
  )
}
