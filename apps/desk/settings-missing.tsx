import { useLayoutEffect, useRef } from 'preact/hooks'
import { openSettings, settingsMissing } from './settings/open-settings.ts'
import { t } from './texts/language.ts'

/** Says that the page for masking rules did not come, and asks for it again, at last by loading the desk again: a session
 *  goes on. */
export function SettingsMissing() {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      class="confirm"
      ref={dialog}
      aria-labelledby="missing-title"
      onClose={() => {
        settingsMissing.value = 0
      }}
    >
      <h2 id="missing-title">{t('rules.missing')}</h2>
      <p>{t('error.1016.text')}</p>
      <form method="dialog" class="confirm-actions">
        <button class="button" type="submit">
          {t('help.close')}
        </button>
        {settingsMissing.value === 1 ? (
          <button class="button button-main" type="button" onClick={openSettings}>
            {t('failed.again')}
          </button>
        ) : (
          // A browser may remember that a module did not come for as long as its page is there, as Firefox 153 does.
          <button class="button button-main" type="button" onClick={() => location.reload()}>
            {t('way.reload')}
          </button>
        )}
      </form>
    </dialog>
  )
}
