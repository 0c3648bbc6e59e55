import { createDetector } from './detector.ts'
import type { RuleSet, Survey } from './quiet-names.ts'

/** Looks through all layers of rules once. */
export function survey(layers: readonly RuleSet[]): Survey {
  const lists = layers.flatMap(({ masked, unmasked }) => [masked, unmasked])
  const named = lists.map(({ text }) => text).join()
  const all = `${named},${layers.map(({ fields }) => fields.text).join()}`
  const detectors = layers.flatMap((layer) => layer.detectors)
  return {
    selective: /[^,]/.test(all),
    detector: detectors.length ? createDetector([...new Set(detectors)]) : undefined,
    dependsOnStructure: /[:+~]/.test(named),
    dependsOnState: named.includes(':'),
    looksUp: lists.some((list) => list.looksUp),
    attributes: selectorAttributes(all),
  }
}

function selectorAttributes(selectors: string): ReadonlySet<string> | undefined {
  if (/:(?!not\(\[)/.test(selectors)) return undefined
  const names = new Set([...selectors.matchAll(/\[\s*([\w-]+)/g)].map(([, name]) => name!.toLowerCase()))
  if (selectors.includes('.')) names.add('class')
  if (selectors.includes('#')) names.add('id')
  return names
}
