import { useSignal } from '@preact/signals'
import { FileUp, FlaskConical, ScreenShare } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../icon.tsx'
import { t } from '../texts/language.ts'
import { draft } from './mask-settings.ts'
import { hasSessionPage, readSessionPage, run, stop, trial } from './trial.ts'

/** More than any page has; a larger file is another thing. */
const MAX_FILE_BYTES = 20 * 1024 * 1024

/** How long after the last key edited rules are tried again. */
const TYPING_MS = 300

/** Tries the rules on a page, in this browser alone. */
export function Playground() {
  const html = useSignal('')
  const address = useSignal('/')
  const fault = useSignal('')
  const page = useRef<HTMLDivElement>(null)
  const copy = useRef<HTMLDivElement>(null)
  useEffect(() => stop, [])
  const attempt = () => {
    fault.value = html.value.trim() ? '' : t('try.empty')
    if (html.value.trim() && page.current && copy.current)
      void run(html.value, address.value, page.current, copy.current)
  }
  // Rules that were edited are tried as soon as nobody types.
  useEffect(() => {
    if (trial.value.name !== 'shown') return
    const timer = setTimeout(attempt, TYPING_MS)
    return () => clearTimeout(timer)
  }, [draft.value])
  const take = async (file: File | undefined) => {
    if (!file) return
    fault.value = file.size > MAX_FILE_BYTES ? t('try.large') : ''
    if (fault.value) return
    html.value = await file.text()
    attempt()
  }
  const now = trial.value
  return (
    <section class="settings-try" aria-labelledby="try-title">
      <h2 id="try-title">{t('try.title')}</h2>
      <p class="devices-note">{t('try.text')}</p>
      <textarea
        class="try-html"
        aria-label={t('try.html')}
        placeholder={t('try.html.hint')}
        dir="ltr"
        spellcheck={false}
        value={html.value}
        onInput={(event) => {
          html.value = event.currentTarget.value
        }}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          void take(event.dataTransfer?.files[0])
        }}
      />
      <div class="try-actions">
        <label class="button button-small try-file">
          <Icon node={FileUp} size={16} />
          {t('try.file')}
          <input type="file" accept=".html,.htm,text/html" onChange={(event) => take(event.currentTarget.files?.[0])} />
        </label>
        {hasSessionPage() && (
          <button
            class="button button-small"
            type="button"
            onClick={() => {
              html.value = readSessionPage() ?? ''
              attempt()
            }}
          >
            <Icon node={ScreenShare} size={16} />
            {t('try.session')}
          </button>
        )}
        <label class="try-address">
          <span>{t('try.address')}</span>
          <input
            dir="ltr"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            value={address.value}
            onInput={(event) => {
              address.value = event.currentTarget.value
            }}
          />
        </label>
        <button class="button button-small button-main" type="button" onClick={attempt}>
          <Icon node={FlaskConical} size={16} />
          {t('try.run')}
        </button>
      </div>
      <p class="try-said" role="status">
        {fault.value ||
          (now.name === 'failed'
            ? t('try.failed')
            : now.name === 'shown'
              ? now.wrong
                ? t('try.wrong', { number: now.wrong })
                : t('try.done')
              : '')}
      </p>
      <div class={now.name === 'shown' ? 'try-panes' : 'try-panes try-panes-empty'} aria-hidden={now.name !== 'shown'}>
        <figure>
          <figcaption>{t('try.page')}</figcaption>
          <div class="try-pane">
            <div class="try-frame" ref={page} />
          </div>
        </figure>
        <figure>
          <figcaption>{t('try.copy')}</figcaption>
          <div class="try-pane">
            <div class="try-frame" ref={copy} />
          </div>
        </figure>
      </div>
    </section>
  )
}
