import { MousePointerClick, PenOff, Redo2, Trash2, Undo2 } from 'lucide'
import { useRef } from 'preact/hooks'
import type { OpenSession } from '../desk-state.ts'
import { Icon } from '../icon.tsx'
import { live } from '../session.ts'
import { t } from '../texts/language.ts'
import { assist } from './assist.ts'
import { drawing, use, usePage } from './drawing.ts'
import { moveFocus } from './roving.ts'
import { placeBeside } from './sheet.ts'
import { Keys, TipButton } from './tip.tsx'
import { TOOL_GROUPS, TOOL_ICONS, type ToolName } from './tools.ts'

/** The bar of drawing tools. One stop for Tab; the arrow keys move in it. */
export function ToolRail({ session: { paused, picture } }: { session: OpenSession }) {
  const rail = useRef<HTMLDivElement>(null)
  const now = drawing.value
  if (!now) return null
  if (!now.allowed) return <DrawingOff />
  const { annotation } = live() ?? {}
  const off = paused ? t('tools.off.paused') : picture === 'hidden' ? t('tools.off.hidden') : undefined
  return (
    <div
      ref={rail}
      class="rail"
      role="toolbar"
      aria-label={t('tools.label')}
      onKeyDown={(event) => moveFocus(event, rail.current)}
    >
      <div class="rail-group">
        <UsePage off={off} inHand={now.tool} />
      </div>
      {TOOL_GROUPS.map((group) => (
        <div key={group[0]} class="rail-group">
          {group.map((tool) => (
            <Tool key={tool} tool={tool} inHand={now.tool} off={off} />
          ))}
        </div>
      ))}
      <div class="rail-group">
        <TipButton
          class="tool"
          label={t('tools.colour')}
          hint={off}
          command="colour"
          disabled={off !== undefined}
          popovertarget={off ? undefined : 'colours'}
          tabIndex={-1}
        >
          <span
            class="swatch"
            style={{ background: annotation?.colours.find(({ name }) => name === now.colour)?.value }}
          />
        </TipButton>
        <TipButton
          class="tool"
          label={t('tools.undo')}
          hint={off}
          command="undo"
          tabIndex={-1}
          disabled={off !== undefined || now.undo === 0}
          onClick={() => annotation?.undo()}
        >
          <Icon node={Undo2} />
        </TipButton>
        <TipButton
          class="tool"
          label={t('tools.redo')}
          hint={off}
          command="redo"
          tabIndex={-1}
          disabled={off !== undefined || now.redo === 0}
          onClick={() => annotation?.redo()}
        >
          <Icon node={Redo2} />
        </TipButton>
        <TipButton
          class="tool"
          label={t('tools.clear')}
          hint={off}
          disabled={off !== undefined}
          popovertarget={off ? undefined : 'clearing'}
          tabIndex={-1}
        >
          <Icon node={Trash2} />
        </TipButton>
      </div>
      <Colours />
      <Clearing />
    </div>
  )
}

/** In the place of the tools: why there are none. */
function DrawingOff() {
  return (
    <div class="rail">
      <TipButton class="tool" label={t('tools.off.site')} hint={t('tools.off.hint')} disabled>
        <Icon node={PenOff} size={20} />
      </TipButton>
    </div>
  )
}

interface ToolProps {
  inHand: string | undefined
  /** Why there is nothing to do with it now. */
  off: string | undefined
}

/** In hand while the agent has control and no tool: what they do on the copy is done on the page. */
function UsePage({ off, inHand }: ToolProps) {
  const has = assist.value.name === 'active'
  return (
    <TipButton
      class="tool"
      label={t('tool.page')}
      hint={off ?? t(has ? 'tool.page.hint' : 'tool.page.off')}
      command="release"
      disabled={off !== undefined || !has}
      aria-pressed={has && inHand === undefined}
      tabIndex={inHand === undefined ? 0 : -1}
      onClick={usePage}
    >
      <Icon node={MousePointerClick} size={20} />
    </TipButton>
  )
}

function Tool({ tool, inHand, off }: ToolProps & { tool: ToolName }) {
  return (
    <TipButton
      class="tool"
      label={t(`tool.${tool}`)}
      hint={off ?? t(`tool.${tool}.hint`)}
      command={tool}
      disabled={off !== undefined}
      aria-pressed={inHand === tool}
      tabIndex={inHand === tool ? 0 : -1}
      onClick={() => use(tool)}
    >
      <Icon node={TOOL_ICONS[tool]} size={20} />
    </TipButton>
  )
}

function Colours() {
  const { annotation } = live() ?? {}
  return (
    <div
      class="sheet rail-sheet"
      id="colours"
      popover="auto"
      aria-label={t('tools.colour')}
      role="dialog"
      onBeforeToggle={placeBeside}
    >
      <h2>{t('tools.colour')}</h2>
      <div class="colours">
        {annotation?.colours.map(({ name, value }) => (
          <button
            key={name}
            class="tool colour"
            type="button"
            aria-pressed={drawing.value?.colour === name}
            onClick={(event) => {
              annotation.setColour(name)
              event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()
            }}
          >
            <span class="swatch" style={{ background: value }} />
            {t(`colour.${name}`)}
          </button>
        ))}
      </div>
    </div>
  )
}

function Clearing() {
  const { annotation } = live() ?? {}
  const none = drawing.value?.marks === 0
  const clear = (whose: 'own' | 'all') => (event: MouseEvent) => {
    annotation?.clear(whose)
    ;(event.currentTarget as HTMLElement).closest<HTMLElement>('[popover]')?.hidePopover()
  }
  return (
    <div
      class="sheet rail-sheet"
      id="clearing"
      popover="auto"
      aria-label={t('tools.clear')}
      role="dialog"
      onBeforeToggle={placeBeside}
    >
      <div class="choices">
        <button class="tool choice" type="button" disabled={none} onClick={clear('own')}>
          {t('tools.clear.own')}
          <Keys of="clear" />
        </button>
        <button class="tool choice" type="button" disabled={none} onClick={clear('all')}>
          {t('tools.clear.all')}
          <Keys of="clear_all" />
        </button>
      </div>
    </div>
  )
}
