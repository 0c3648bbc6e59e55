import { useSignal } from '@preact/signals'
import { Check, Copy, UserPlus } from 'lucide'
import { Icon } from '../icon.tsx'
import { describeProblem } from '../problem.ts'
import { live } from '../session.ts'
import { formatTime, t } from '../texts/language.ts'

/** Makes an address with which a colleague asks the customer to come in, once. */
export function Invite() {
  const made = useSignal<{ url: string; expiresAt: number } | undefined>(undefined)
  const problem = useSignal('')
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget as HTMLFormElement)
    const userName = String(fields.get('name') ?? '').trim()
    const answer = await live()?.createColleagueLink({ userName, watchOnly: fields.has('watch') })
    made.value = answer?.success ? answer : undefined
    problem.value = answer && !answer.success ? describeProblem(answer.error).text : ''
  }
  return (
    <form class="invite" onSubmit={submit}>
      <h3>{t('invite.title')}</h3>
      <label class="invite-field">
        {t('invite.name')}
        <input name="name" required maxLength={80} autocomplete="off" dir="auto" />
      </label>
      <label class="invite-check">
        <input type="checkbox" name="watch" />
        {t('invite.watch')}
      </label>
      <button class="button button-small" type="submit">
        <Icon node={UserPlus} size={16} />
        {t('invite.make')}
      </button>
      <div role="status">
        {problem.value && <p class="note note-plain">{problem.value}</p>}
        {made.value && <Made {...made.value} key={made.value.url} />}
      </div>
    </form>
  )
}

function Made({ url, expiresAt }: { url: string; expiresAt: number }) {
  const isCopied = useSignal(false)
  const copy = () => {
    navigator.clipboard.writeText(url).then(
      () => {
        isCopied.value = true
      },
      // A frame may not write there: the address is selected by a press on it.
      () => {},
    )
  }
  return (
    <div class="invite-made">
      <input
        readOnly
        value={url}
        aria-label={t('invite.title')}
        dir="ltr"
        onFocus={(event) => event.currentTarget.select()}
      />
      <button class="button button-small" type="button" onClick={copy}>
        <Icon node={isCopied.value ? Check : Copy} size={16} />
        {t(isCopied.value ? 'invite.copied' : 'invite.copy')}
      </button>
      <p class="row-note">{t('invite.text', { time: formatTime(expiresAt) })}</p>
    </div>
  )
}
