import { compileMask, startCapture } from '../../packages/mirror/capture/index.ts'
import { createReplica } from '../../packages/mirror/replica/index.ts'

window.subject = {
  record(emit) {
    const capture = startCapture(document, {
      mask: compileMask([]),
      onError: (error) => reportError(error),
    })
    capture.open({ ready: () => true, send: emit })
    return () => capture.close()
  },
  async replicate(parent) {
    const replica = await createReplica(parent, { frameUrl: '/replica' })
    return {
      apply: (message) => replica.apply(message as Uint8Array),
      document: () => replica.element.contentDocument!,
    }
  },
}
