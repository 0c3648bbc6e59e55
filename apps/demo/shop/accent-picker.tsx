import { useSignal } from '@preact/signals'
import { Palette } from 'lucide'
import { Icon } from './icon.tsx'

const ACCENTS = [
  { name: 'Forest', hex: '#1f5c43' },
  { name: 'Clay', hex: '#a8432a' },
  { name: 'Night', hex: '#2f4480' },
  { name: 'Heather', hex: '#7a3f6b' },
]

/** The rule that carries the shop's accent; inserted once, edited in place from then on. */
let rule: CSSStyleRule | undefined

/** Lets a visitor choose the shop's colour. It is written into a style rule, not into the page's markup. */
export function AccentPicker() {
  const chosen = useSignal(ACCENTS[0]?.hex ?? '#1f5c43')
  const choose = (hex: string) => {
    chosen.value = hex
    paint(hex)
  }
  return (
    <>
      <button class="nav-link nav-button" type="button" popovertarget="accent" aria-label="Choose a colour">
        <Icon node={Palette} size={20} />
      </button>
      <div class="popover accent" id="accent" popover="auto">
        <h2>Your colour</h2>
        <fieldset class="swatches" aria-label="Colours">
          {ACCENTS.map(({ name, hex }) => (
            <button
              key={hex}
              class="swatch"
              type="button"
              title={name}
              aria-label={name}
              aria-pressed={chosen.value === hex}
              style={{ background: hex }}
              onClick={() => choose(hex)}
            />
          ))}
        </fieldset>
        <label class="accent-own">
          Your own
          <input type="color" value={chosen.value} onInput={(event) => choose(event.currentTarget.value)} />
        </label>
      </div>
    </>
  )
}

function paint(hex: string): void {
  rule ??= insertRule()
  rule.style.setProperty('--accent', hex)
  rule.style.setProperty('--on-accent', isLight(hex) ? '#141a16' : '#ffffff')
}

function insertRule(): CSSStyleRule {
  const style = document.head.appendChild(document.createElement('style'))
  const sheet = style.sheet
  if (!sheet) throw new Error('A style element in the document has a sheet.')
  sheet.insertRule(':root { --accent: #1f5c43 }')
  return sheet.cssRules[0] as CSSStyleRule
}

/** Whether dark text reads better on a colour, by its relative luminance (WCAG 2.2). */
function isLight(hex: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
}
