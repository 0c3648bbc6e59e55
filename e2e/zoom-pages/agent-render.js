import { ZoomCobrowseAgentSDK } from '@zoom/cobrowsesdk/agent'

const log = (...parts) => {
  document.getElementById('log').textContent += `${parts.join(' ')}\n`
}

async function fetchToken() {
  const response = await fetch('/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ role: 2, userName: 'Ana' }),
  })
  return (await response.json()).token
}

ZoomCobrowseAgentSDK.init(
  { appKey: 'SDK_KEY', zoomAppRoot: '#viewer-root', zoomHostName: 'us01-zcb.zoom.us' },
  ({ success, sdkInfo, session, error }) => {
    if (!success) return log('init failed', error.code)
    log('init', typeof sdkInfo, session.getSessionInfo().sessionStatus)
    session.on('session_joined', () => log('session_joined'))
    session.on('session_left', () => log('session_left'))
    session.on('session_ended', () => log('session_ended'))
    session.on('session_error', (payload) => log('session_error', payload.code, payload.errorMsg))
    document.getElementById('leave').addEventListener('click', () => session.leave())
    document.getElementById('join').addEventListener('submit', async (event) => {
      event.preventDefault()
      if (session.getSessionInfo().sessionStatus === 'session_recoverable') return session.join()
      const pinCode = document.querySelector('#pin').value
      session.join({ pinCode, sdkToken: await fetchToken() }, ({ success: joined, error: refusal }) => {
        log('join', joined, ...(refusal ? [refusal.errorMsg] : []))
      })
    })
  },
)
