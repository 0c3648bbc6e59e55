import { describeError, type SessionError } from '../connection/answer.ts'

interface Session<Events, Info> {
  on<Name extends keyof Events>(event: Name, listener: (payload: Events[Name]) => void): () => void
  getSessionInfo(): Info
}

/** What a component shows of a session. */
export interface Followed<Live, Info> {
  /** Undefined until the SDK is ready, and when its settings are wrong. */
  session: Live | undefined
  info: Info | undefined
  /** The last one, until a session begins. */
  error: SessionError | undefined
}

/** Tells `show` how a session stands, now and after each of its events; the returned function ends that. The session
 *  itself goes on. */
export function follow<Events, Info, Live extends Session<Events, Info>>(
  opened: Promise<{ session: Live }>,
  events: readonly (keyof Events)[],
  begins: keyof Events,
  show: (followed: Followed<Live, Info>) => void,
): () => void {
  const undo: (() => void)[] = []
  let stopped = false
  let error: SessionError | undefined
  opened.then(
    ({ session }) => {
      if (stopped) return
      const tell = () => show({ session, info: session.getSessionInfo(), error })
      for (const event of events)
        undo.push(
          session.on(event, (payload) => {
            if (event === 'session_error') error = payload as SessionError
            else if (event === begins) error = undefined
            tell()
          }),
        )
      tell()
    },
    (failed: unknown) => {
      if (!stopped) show({ session: undefined, info: undefined, error: describeError(failed) })
    },
  )
  return () => {
    stopped = true
    for (const undone of undo) undone()
  }
}
