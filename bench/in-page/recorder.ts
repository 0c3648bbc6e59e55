import { Replayer, record } from 'rrweb'

type RecordedEvent = Parameters<Replayer['addEvent']>[0]

window.subject = {
  record(emit) {
    const stop = record({ emit })
    return () => stop?.()
  },
  async replicate(root) {
    const replayer = new Replayer([], { root, liveMode: true, mouseTail: false, showWarning: false })
    // No buffer: what arrives is shown at once.
    replayer.startLive(Date.now())
    return {
      apply: (event) => replayer.addEvent(event as RecordedEvent),
      document: () => replayer.iframe.contentDocument!,
    }
  },
}
