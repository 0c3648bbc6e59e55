import type { IconNode } from 'lucide'
import { h } from 'preact'

/** A lucide icon drawn as an inline SVG. It is decoration: the control around it carries the name. */
export function Icon({ node, size = 18 }: { node: IconNode; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {node.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  )
}
