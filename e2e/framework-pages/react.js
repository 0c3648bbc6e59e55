import { useAgentSession, useCustomerSession } from '@alongside/sdk/react'
import { createElement as h, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'

const { role, host, token, appKey } = Object.fromEntries(new URLSearchParams(location.search))

function Customer() {
  const { session, info, error } = useCustomerSession({ appKey, host })
  return h(
    'main',
    null,
    h('h1', null, 'A page in React'),
    h('p', { id: 'status' }, error ? `error ${error.code}` : info?.sessionStatus),
    h('p', { id: 'pin' }, info?.pinCode),
    h('p', { id: 'agents' }, info?.agents.map(({ userName }) => userName).join()),
    h('button', { type: 'button', onClick: () => session?.start({ sdkToken: token }) }, 'Get help'),
  )
}

function Agent() {
  const { session, info, error, root } = useAgentSession({ appKey, host })
  return h(
    'main',
    null,
    h('p', { id: 'status' }, error ? `error ${error.code}` : info?.sessionStatus),
    h('button', { type: 'button', onClick: () => session?.join({ pinCode: window.pinCode, sdkToken: token }) }, 'Join'),
    h('div', { ref: root, style: { height: 500 } }),
  )
}

function Page() {
  const [shown, show] = useState(true)
  return h(
    StrictMode,
    null,
    h('button', { type: 'button', onClick: () => show(false) }, 'Go away'),
    shown && h(role === 'agent' ? Agent : Customer),
  )
}

createRoot(document.getElementById('app')).render(h(Page))
