import type { InputHTMLAttributes } from 'preact'

type LabelledInputProps = InputHTMLAttributes<HTMLInputElement> & { label: string; wide?: boolean }

/** A field with its label above it; `wide` takes the whole row. */
export function LabelledInput({ label, wide, ...attributes }: LabelledInputProps) {
  return (
    <label class={wide ? 'labelled wide' : 'labelled'}>
      {label}
      <input class="field" {...attributes} />
    </label>
  )
}
