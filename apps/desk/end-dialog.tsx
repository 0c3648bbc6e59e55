import type { RefObject } from 'preact'
import { endForAll } from './session.ts'

/** Asks before a session ends for everybody. */
export function EndDialog({
  dialog,
  customerName,
}: {
  dialog: RefObject<HTMLDialogElement | null>
  customerName: string
}) {
  return (
    <dialog class="confirm" ref={dialog} aria-labelledby="end-title">
      <form method="dialog">
        <h2 id="end-title">End the session for everybody?</h2>
        <p>
          {customerName} and every agent are disconnected. To look at the page again you need a new code. “Leave” only
          takes you out.
        </p>
        <div class="confirm-actions">
          <button class="button" type="submit">
            Stay
          </button>
          <button class="button button-bad-solid" type="submit" onClick={endForAll}>
            End session
          </button>
        </div>
      </form>
    </dialog>
  )
}
