import { useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../texts/language.ts'
import { clash, keepMine, stay, takeTheirs } from './mask-settings.ts'

/** Asks whose rules are to stand when somebody else saved meanwhile. Whatever the answer, nothing is lost: rules that are
 *  put away come back by undo. */
export function ClashDialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  const now = clash.value
  useLayoutEffect(() => {
    if (now && !dialog.current?.open) dialog.current?.showModal()
    if (!now) dialog.current?.close()
  }, [now])
  return (
    <dialog class="confirm" ref={dialog} aria-labelledby="clash-title" onClose={stay}>
      <h2 id="clash-title">{t('error.1123.title')}</h2>
      <p>{t('rules.clash.text')}</p>
      <ul class="clash-changes">
        {now?.changes.map(({ what, name }) => (
          <li key={`${what} ${name}`}>
            {what === 'detectors' ? t('rules.clash.detectors') : t(`rules.clash.${what}`, { name })}
          </li>
        ))}
      </ul>
      <div class="confirm-actions">
        <button class="button" type="button" onClick={stay}>
          {t('rules.clash.stay')}
        </button>
        <button class="button" type="button" onClick={takeTheirs}>
          {t('rules.clash.theirs')}
        </button>
        <button class="button button-bad-solid" type="button" onClick={keepMine}>
          {t('rules.clash.mine')}
        </button>
      </div>
    </dialog>
  )
}
