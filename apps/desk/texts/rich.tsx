import type { TextKey } from './catalogue.ts'
import { pieces } from './language.ts'

/** A text in which what stands in the braces is set off. */
export function Rich({ of: key, values }: { of: TextKey; values: Record<string, string | number> }) {
  return (
    <>
      {pieces(key, values).map((piece) =>
        typeof piece === 'string' ? (
          piece
        ) : (
          <strong key={piece.name}>
            <bdi>{piece.value}</bdi>
          </strong>
        ),
      )}
    </>
  )
}
