import { createReplica, type Replica } from '@alongside/mirror/replica'
import { pageDocument } from '../page-document.ts'
import { button, element } from '../panel/element.ts'
import { PREVIEW_TEXTS } from '../panel/preview-texts.ts'
import type { Part, PartContext } from '../part.ts'

/** What nothing in the copy may do: it holds the page's own content, and the page's own browser shows it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src * data: blob:; font-src * data:; media-src * data:; form-action 'none'; base-uri 'none'"

/** Room for the words around the picture, in CSS pixels. */
const MARGIN = { width: 100, height: 240 }

/** Shows the customer what agents see: a replica of its own, made of the frames that agents get. */
export function createPart(context: PartContext): Part {
  let shown: Preview | undefined
  const close = () => {
    shown?.close()
    shown = undefined
  }
  return {
    receive() {},
    open() {
      close()
      if (isSeen(context)) shown = new Preview(context, close)
    },
    changed() {
      if (!isSeen(context)) close()
    },
    close,
  }
}

/** Whether there is anything that an agent sees. */
function isSeen(context: PartContext): boolean {
  const session = context.session()
  return !session?.paused && [...(session?.agents.values() ?? [])].some(({ standing }) => standing === 'live')
}

class Preview {
  readonly #context: PartContext
  readonly #failed: string
  readonly #dialog: HTMLDialogElement
  readonly #text: HTMLElement
  /** Of the size that the scaled copy has on the screen. */
  readonly #room = pageDocument.createElement('div')
  readonly #stage = pageDocument.createElement('div')
  readonly #undo: (() => void)[] = []
  #size = { width: 0, height: 0 }

  constructor(context: PartContext, onClose: () => void) {
    this.#context = context
    const texts = { ...PREVIEW_TEXTS, ...context.panel.texts }
    this.#failed = texts.previewFailed
    const title = element('h2', 'title', texts.preview)
    title.id = 'preview'
    this.#text = element('p', 'text', texts.previewText)
    Object.assign(this.#room.style, {
      position: 'relative',
      overflow: 'hidden',
      margin: '16px auto 0',
      boxShadow: '0 0 0 1px var(--quiet)',
    })
    Object.assign(this.#stage.style, { position: 'absolute', top: '0', left: '0', transformOrigin: '0 0' })
    this.#room.append(this.#stage)
    const foot = element('div', 'actions', button('primary', texts.close, onClose))
    this.#dialog = element('dialog', 'dialog', title, this.#text, this.#room, foot)
    this.#dialog.setAttribute('aria-labelledby', title.id)
    this.#dialog.style.width = 'min(1100px, 100vw - 24px)'
    this.#dialog.addEventListener('cancel', onClose)
    this.#undo.push(context.panel.card(this.#dialog))
    this.#dialog.showModal()
    const layOut = () => this.#layOut()
    addEventListener('resize', layOut)
    this.#undo.push(() => removeEventListener('resize', layOut))
    void this.#run().catch(() => this.#fail())
  }

  /** May be called twice. */
  close(): void {
    for (const undo of this.#undo.splice(0)) undo()
    this.#dialog.close()
    this.#dialog.remove()
  }

  async #run(): Promise<void> {
    const frameUrl = URL.createObjectURL(
      new Blob([`<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="${POLICY}">`], {
        type: 'text/html',
      }),
    )
    this.#undo.push(() => URL.revokeObjectURL(frameUrl))
    const replica = await createReplica(this.#stage, {
      frameUrl,
      assetUrl: (key) => this.#context.addressOf(key),
      onViewport: (size) => {
        this.#size = size
        this.#layOut()
      },
    })
    this.#undo.push(() => replica.close())
    // Closed meanwhile.
    if (!this.#dialog.isConnected) return this.close()
    replica.element.title = this.#context.panel.texts.preview
    this.#undo.push(this.#context.watch((frame) => this.#apply(replica, frame)))
  }

  #apply(replica: Replica, frame: Uint8Array): void {
    try {
      replica.apply(frame)
    } catch {
      this.#fail()
    }
  }

  #fail(): void {
    this.#room.remove()
    this.#text.textContent = this.#failed
    this.#text.role = 'alert'
  }

  #layOut(): void {
    const { width, height } = this.#size
    const room = { width: Math.min(1100, innerWidth) - MARGIN.width, height: innerHeight - MARGIN.height }
    const scale = Math.min(1, Math.max(0.1, Math.min(room.width / width, room.height / height)))
    Object.assign(this.#room.style, { width: `${width * scale}px`, height: `${height * scale}px` })
    Object.assign(this.#stage.style, { width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` })
  }
}
