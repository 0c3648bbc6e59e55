import { ArrowLeft, Save, Undo2 } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../icon.tsx'
import { ListFailed } from '../list-failed.tsx'
import { t } from '../texts/language.ts'
import { ClashDialog } from './clash-dialog.tsx'
import { DiscardDialog } from './discard-dialog.tsx'
import { isChanged, load, loading, said, save, undo, undone } from './mask-settings.ts'
import { Playground } from './playground.tsx'
import { RuleList } from './rule-list.tsx'

/** Where an administrator says what the key masks, and tries it. */
export function SettingsPage({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    void load()
    title.current?.focus()
    const guard = (event: BeforeUnloadEvent) => isChanged.value && event.preventDefault()
    addEventListener('beforeunload', guard)
    return () => removeEventListener('beforeunload', guard)
  }, [])
  const back = () => (isChanged.value ? dialog.current?.showModal() : onClose())
  return (
    <div class="settings">
      <header class="settings-head">
        <button class="button button-small" type="button" onClick={back}>
          <span class="mirrored">
            <Icon node={ArrowLeft} size={16} />
          </span>
          {t('rules.back')}
        </button>
        <h1 ref={title} tabIndex={-1}>
          {t('rules.title')}
        </h1>
        <p class={said.value?.bad ? 'settings-said settings-bad' : 'settings-said'} role="status">
          {said.value?.text ?? (isChanged.value ? t('rules.changed') : '')}
        </p>
        <button class="button button-small" type="button" disabled={undone.value.length === 0} onClick={undo}>
          <Icon node={Undo2} size={16} />
          {t('tools.undo')}
        </button>
        <button class="button button-small button-main" type="button" disabled={!isChanged.value} onClick={save}>
          <Icon node={Save} size={16} />
          {t('rules.save')}
        </button>
      </header>
      <main class="settings-main">
        <section class="settings-rules" aria-labelledby="rules-title">
          <Content />
        </section>
        <Playground />
      </main>
      <ClashDialog />
      <DiscardDialog dialog={dialog} onDiscard={onClose} />
    </div>
  )
}

function Content() {
  const now = loading.value
  if (now.name === 'there') return <RuleList />
  return (
    <>
      <h2 id="rules-title">{t('rules.list')}</h2>
      {now.name === 'loading' ? (
        <p class="devices-note">{t('rules.loading')}</p>
      ) : (
        <>
          <ListFailed problem={now.problem} />
          <button class="button button-small" type="button" onClick={load}>
            {t('failed.again')}
          </button>
        </>
      )}
    </>
  )
}
