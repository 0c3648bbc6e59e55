import { ZoomCobrowseSDK } from '@zoom/cobrowsesdk/customer'

const log = (...parts) => {
  document.getElementById('log').textContent += `${parts.join(' ')}\n`
}

const response = await fetch('/token', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ role: 1, userName: 'Cora', enableByop: 1 }),
})
const { token } = await response.json()

ZoomCobrowseSDK.init(
  { appKey: 'SDK_KEY', zoomHostName: 'us01-zcb.zoom.us', piiMask: { maskType: 'all_input' } },
  ({ success, session, error }) => {
    if (!success) return log('init failed', error.code)
    session.on('pincode_updated', (payload) => log('pincode_updated', payload.pinCode))
    session.on('agent_joined', (payload) => log('agent_joined', payload.userName))
    session.on('agent_left', (payload) => log('agent_left', payload.userName, payload.reason))
    session.on('session_ended', (payload) => log('session_ended', payload.reason))
    session.start({ customPinCode: 'case4711', sdkToken: token }, (result) => {
      log('start', result.success)
    })
  },
)
