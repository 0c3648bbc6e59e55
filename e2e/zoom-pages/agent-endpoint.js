import { ZoomCobrowseAgentSDK } from '@zoom/cobrowsesdk/agent'

const settings = {
  appKey: 'SDK_KEY',
  zoomAppRoot: document.getElementById('viewer-root'),
  zoomHostName: 'us01-zcb.zoom.us',
}

document.getElementById('join').addEventListener('submit', async (event) => {
  event.preventDefault()
  const response = await fetch('/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ role: 2, userName: 'Ana' }),
  })
  const { token } = await response.json()
  const pinCode = document.querySelector('#pin').value
  ZoomCobrowseAgentSDK.init(settings, ({ success, session }) => {
    if (!success) return
    session.createAgentViewerEndpoint({ pinCode, sdkToken: token }, (result) => {
      if (result.success) document.querySelector('#viewer').src = result.agentViewerUrl
      else document.getElementById('log').textContent = String(result.error.code)
    })
  })
})
