import { type AgentInfo, agentColour } from '@alongside/protocol'
import { pageDocument } from '../page-document.ts'
import { plainName } from '../panel/plain-name.ts'

const STYLE = `
.cursor { position: absolute; inset: 0 auto auto 0; will-change: transform; visibility: hidden; direction: ltr }
.cursor.seen { visibility: visible; transition: transform .08s linear }
svg { display: block; inline-size: 22px; block-size: 22px; overflow: visible; filter: drop-shadow(0 1px 2px rgb(0 0 0 / .4)) }
span {
  position: absolute; inset: 20px auto auto 14px; padding: 2px 8px; border-radius: 10px; color: #fff; background: var(--colour);
  font: 600 12px/1.4 system-ui, sans-serif; white-space: nowrap; max-inline-size: 160px; overflow: hidden; text-overflow: ellipsis;
}
i { position: absolute; inset: -16px auto auto -16px; inline-size: 32px; block-size: 32px; border-radius: 50%;
  border: 3px solid var(--colour); opacity: 0 }
@media (prefers-reduced-motion: reduce) { .cursor.seen { transition: none } }
`

const RIPPLE: Keyframe[] = [
  { opacity: 0.9, transform: 'scale(.2)' },
  { opacity: 0, transform: 'scale(1.2)' },
]

/** Where the agent's mouse is on the customer's page, with the agent's name and colour, and a ring where it presses. */
export class AgentCursor {
  readonly #element = pageDocument.createElement('div')
  readonly #ring = pageDocument.createElement('i')

  constructor(root: ShadowRoot, { participant, userName }: AgentInfo) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLE)
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
    this.#element.className = 'cursor'
    this.#element.style.setProperty('--colour', agentColour(participant))
    this.#element.setAttribute('aria-hidden', 'true')
    const name = pageDocument.createElement('span')
    name.dir = 'auto'
    name.textContent = plainName(userName)
    this.#element.append(this.#ring, drawArrow(agentColour(participant)), name)
    root.append(this.#element)
  }

  move({ x, y }: { x: number; y: number }): void {
    this.#element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`
    this.#element.classList.add('seen')
  }

  press(): void {
    this.#ring.animate(RIPPLE, { duration: 450, easing: 'ease-out' })
  }
}

function drawArrow(colour: string): SVGSVGElement {
  const svg = pageDocument.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 22 22')
  const path = pageDocument.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', 'M0 0 L0 17 L4.6 13 L7.6 20 L11 18.5 L8 11.7 L14 11.4 Z')
  path.setAttribute('fill', colour)
  path.setAttribute('stroke', '#fff')
  path.setAttribute('stroke-width', '1.5')
  svg.append(path)
  return svg
}
