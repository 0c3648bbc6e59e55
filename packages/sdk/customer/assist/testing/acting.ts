import { compileMask } from '@alongside/mirror/capture'
import * as quiet from '@alongside/mirror/capture/quiet'
import type { Action, ActionPlace, ActionResult } from '@alongside/protocol'
import type { PartContext } from '../../part.ts'
import type { CustomerSettings } from '../../settings.ts'
import { Actor } from '../actor.ts'

type Named = Node | string

/** An agent who acts on this document as if it had the hand. Elements are named by a selector or by themselves. */
export class Acting {
  readonly actor: Actor
  readonly #nodes: Node[] = [document]
  readonly layers: Element[] = []
  /** What is the SDK's own, as far as this agent's page knows. */
  readonly ours = new Set<Node>()

  constructor(html: string, settings: CustomerSettings = {}) {
    document.body.innerHTML = html
    scrollTo(0, 0)
    const mask = compileMask(settings.piiMask ? [{ maskType: 'custom_input', ...settings.piiMask }] : [], quiet)
    const context = {
      settings,
      clock: { now: () => performance.now(), after: () => () => {} },
      nodeOf: (number: number) => this.#nodes[number],
      numberOf: (node: Node) => this.number(node),
      maskOf: (node: Node) => mask.decide(node),
      isOurs: (node: Node) => this.ours.has(node),
      layer: () => {
        const host = document.createElement('div')
        host.style.cssText = 'position:fixed;inset:0;pointer-events:none'
        document.documentElement.append(host)
        this.layers.push(host)
        return { root: host.attachShadow({ mode: 'open' }), remove: () => host.remove() }
      },
      handOff: () => Promise.reject(new Error('no session')),
    } as unknown as PartContext
    this.actor = new Actor(context, { participant: 2, userId: 'a', userName: 'Ana' })
  }

  number(named: Named): number {
    const node = typeof named === 'string' ? document.querySelector(named) : named
    if (!node) throw new Error(`there is no ${named}`)
    if (!this.#nodes.includes(node)) this.#nodes.push(node)
    return this.#nodes.indexOf(node)
  }

  at(named: Named, x = 0.5, y = 0.5): ActionPlace {
    return { node: this.number(named), x, y }
  }

  do(action: Action): ActionResult {
    return this.actor.perform(action)
  }

  click(named: Named, { button = 0, count = 1, keys = 0 } = {}): ActionResult {
    return this.do({ do: 'click', at: this.at(named), button, count, keys })
  }

  press(key: string, keys = 0): ActionResult {
    return this.do({ do: 'key', key, code: '', keys })
  }

  /** Key by key, as an agent's keyboard does. */
  type(text: string): ActionResult[] {
    return [...text].map((key) => this.press(key))
  }

  choose(named: Named, ...values: string[]): ActionResult {
    return this.do({ do: 'choose', node: this.number(named), values })
  }

  close(): void {
    this.actor.close()
    document.body.innerHTML = ''
  }
}

/** Writes down the types of events that reach an element, with what `note` says of each. */
export function listen(named: string, types: string[], note: (event: Event) => unknown = () => ''): string[] {
  const seen: string[] = []
  for (const type of types)
    document.querySelector(named)?.addEventListener(type, (event) => seen.push(`${type} ${note(event) ?? ''}`.trim()))
  return seen
}
