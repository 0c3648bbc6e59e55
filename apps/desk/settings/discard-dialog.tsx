import type { RefObject } from 'preact'
import { t } from '../texts/language.ts'
import { discard } from './mask-settings.ts'

/** Asks before changes are lost that nobody saved. */
export function DiscardDialog({
  dialog,
  onDiscard,
}: {
  dialog: RefObject<HTMLDialogElement | null>
  onDiscard(): void
}) {
  return (
    <dialog class="confirm" ref={dialog} aria-labelledby="discard-title">
      <form method="dialog">
        <h2 id="discard-title">{t('rules.discard.title')}</h2>
        <p>{t('rules.discard.text')}</p>
        <div class="confirm-actions">
          <button class="button" type="submit">
            {t('rules.discard.stay')}
          </button>
          <button
            class="button button-bad-solid"
            type="submit"
            onClick={() => {
              discard()
              onDiscard()
            }}
          >
            {t('rules.discard.leave')}
          </button>
        </div>
      </form>
    </dialog>
  )
}
