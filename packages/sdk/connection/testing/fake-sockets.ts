import type { PeerMessage, ServerMessage } from '@alongside/protocol'
import type { Socket, SocketListeners, SocketOpener } from '../socket.ts'

/** The other end of a line's socket, in the test's hands. */
class FakeSocket implements Socket {
  /** Control messages that the line has sent. */
  readonly sent: PeerMessage[] = []
  /** Frames that the line has sent. */
  readonly frames: Uint8Array<ArrayBuffer>[] = []
  isOpen = true
  buffered = 0
  readonly #listeners: SocketListeners

  constructor(listeners: SocketListeners) {
    this.#listeners = listeners
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (typeof data === 'string') this.sent.push(JSON.parse(data))
    else this.frames.push(data)
  }

  close(): void {
    this.isOpen = false
  }

  accept(): void {
    if (this.isOpen) this.#listeners.onOpen()
  }

  say(message: ServerMessage): void {
    this.text(JSON.stringify(message))
  }

  text(text: string): void {
    if (this.isOpen) this.#listeners.onText(text)
  }

  frame(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.isOpen) this.#listeners.onBytes(bytes)
  }

  drop(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.#listeners.onClose()
  }
}

/** Every socket that a line opened, in order. */
export class FakeSockets {
  readonly all: FakeSocket[] = []

  readonly open: SocketOpener = (_url, listeners) => {
    const socket = new FakeSocket(listeners)
    this.all.push(socket)
    return socket
  }

  get last(): FakeSocket {
    const last = this.all.at(-1)
    if (!last) throw new Error('no socket was opened')
    return last
  }
}
