/** A WebSocket as the line uses it. */
export interface Socket {
  send(data: string | Uint8Array<ArrayBuffer>): void
  /** Bytes that have not left yet. */
  readonly buffered: number
  /** Calls none of the listeners any more. Code 1000 says that this was meant, and no fault of the line. */
  close(code?: 1000): void
}

export interface SocketListeners {
  onOpen(): void
  onText(text: string): void
  onBytes(bytes: Uint8Array<ArrayBuffer>): void
  onClose(): void
}

export type SocketOpener = (url: string, listeners: SocketListeners) => Socket

/** Opens the browser's WebSocket. What makes the constructor throw (a page's security policy in some browsers) arrives
 *  as a close. */
export const openSocket: SocketOpener = (url, listeners) => {
  const closing = new AbortController()
  const { signal } = closing
  try {
    const socket = new WebSocket(url)
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => listeners.onOpen(), { signal })
    socket.addEventListener('close', () => listeners.onClose(), { signal })
    socket.addEventListener(
      'message',
      ({ data }: MessageEvent<unknown>) => {
        if (typeof data === 'string') listeners.onText(data)
        else if (data instanceof ArrayBuffer) listeners.onBytes(new Uint8Array(data))
      },
      { signal },
    )
    return {
      get buffered() {
        return socket.bufferedAmount
      },
      send: (data) => void (socket.readyState === WebSocket.OPEN && socket.send(data)),
      close(code) {
        closing.abort()
        socket.close(code)
      },
    }
  } catch {
    queueMicrotask(() => signal.aborted || listeners.onClose())
    return { buffered: 0, send() {}, close: () => closing.abort() }
  }
}
