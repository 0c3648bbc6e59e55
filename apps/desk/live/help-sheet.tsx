import { X } from 'lucide'
import { Icon } from '../icon.tsx'
import { t } from '../texts/language.ts'
import { allowSingleKeys, singleKeys } from './keyboard.ts'
import { type CommandName, SHORTCUTS } from './keys.ts'
import { Keys } from './tip.tsx'

const GROUPS = ['tools', 'view', 'session'] as const
const NAMES = Object.keys(SHORTCUTS) as CommandName[]

/** Every shortcut, and the switch for those of a single key. */
export function HelpSheet() {
  return (
    <div class="sheet help" id="help" popover="auto" aria-labelledby="help-title" role="dialog">
      <div class="help-head">
        <h2 id="help-title">{t('help.title')}</h2>
        <button class="tool" type="button" popovertarget="help" popovertargetaction="hide" aria-label={t('help.close')}>
          <Icon node={X} />
        </button>
      </div>
      <div class="help-groups">
        {GROUPS.map((group) => (
          <section key={group} class={`help-${group}`} aria-labelledby={`help-${group}`}>
            <h3 id={`help-${group}`}>{t(`help.${group}`)}</h3>
            <dl>
              {NAMES.filter((name) => SHORTCUTS[name].group === group).map((name) => (
                <div key={name}>
                  <dt>{t(SHORTCUTS[name].label)}</dt>
                  <dd>
                    <Keys of={name} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          aria-checked={singleKeys.value}
          checked={singleKeys.value}
          aria-describedby="help-single"
          onChange={(event) => allowSingleKeys(event.currentTarget.checked)}
        />
        <span class="switch-track" />
        {t('help.single')}
      </label>
      <p class="help-note" id="help-single">
        {t('help.single.hint')}
      </p>
    </div>
  )
}
