import { PenOff, Redo2, Trash2, Undo2 } from 'lucide'
import { useRef } from 'preact/hooks'
import { Icon } from '../icon.tsx'
import { live } from '../session.ts'
import { t } from '../texts/language.ts'
import { drawing, use } from './drawing.ts'
import { moveFocus } from './roving.ts'
import { placeBeside } from './sheet.ts'
import { Keys, TipButton } from './tip.tsx'
import { TOOL_GROUPS, TOOL_ICONS, type ToolName } from './tools.ts'

/** The bar of drawing tools. One stop for Tab; the arrow keys move in it. */
export function ToolRail() {
  const rail = useRef<HTMLDivElement>(null)
  const now = drawing.value
  if (!now) return null
  if (!now.allowed) return <DrawingOff />
  const { annotation } = live() ?? {}
  return (
    <div
      ref={rail}
      class="rail"
      role="toolbar"
      aria-label={t('tools.label')}
      onKeyDown={(event) => moveFocus(event, rail.current)}
    >
      {TOOL_GROUPS.map((group) => (
        <div key={group[0]} class="rail-group">
          {group.map((tool, index) => (
            <Tool key={tool} tool={tool} inHand={now.tool} first={group === TOOL_GROUPS[0] && index === 0} />
          ))}
        </div>
      ))}
      <div class="rail-group">
        <TipButton class="tool" label={t('tools.colour')} command="colour" popovertarget="colours" tabIndex={-1}>
          <span
            class="swatch"
            style={{ background: annotation?.colours.find(({ name }) => name === now.colour)?.value }}
          />
        </TipButton>
        <TipButton
          class="tool"
          label={t('tools.undo')}
          command="undo"
          tabIndex={-1}
          disabled={now.undo === 0}
          onClick={() => annotation?.undo()}
        >
          <Icon node={Undo2} />
        </TipButton>
        <TipButton
          class="tool"
          label={t('tools.redo')}
          command="redo"
          tabIndex={-1}
          disabled={now.redo === 0}
          onClick={() => annotation?.redo()}
        >
          <Icon node={Redo2} />
        </TipButton>
        <TipButton class="tool" label={t('tools.clear')} popovertarget="clearing" tabIndex={-1}>
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

function Tool({ tool, inHand, first }: { tool: ToolName; inHand: string | undefined; first: boolean }) {
  return (
    <TipButton
      class="tool"
      label={t(`tool.${tool}`)}
      hint={t(`tool.${tool}.hint`)}
      command={tool}
      aria-pressed={inHand === tool}
      tabIndex={(inHand === undefined ? first : inHand === tool) ? 0 : -1}
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
