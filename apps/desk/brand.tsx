/** The product's mark: two pages side by side, sharing an edge. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect class="mark-left" x="2" y="5" width="17" height="22" rx="5" />
      <rect class="mark-right" x="13" y="5" width="17" height="22" rx="5" />
      <path class="mark-shared" d="M13 10a5 5 0 0 1 5-5h1v17a5 5 0 0 1-5 5h-1z" />
    </svg>
  )
}
