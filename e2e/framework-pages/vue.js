import { useAgentSession, useCustomerSession } from '@alongside/sdk/vue'
import { createApp, defineComponent, h, ref } from 'vue'

const { role, host, token, appKey } = Object.fromEntries(new URLSearchParams(location.search))

const Customer = defineComponent(() => {
  const view = useCustomerSession({ appKey, host })
  return () =>
    h('main', [
      h('h1', 'A page in Vue'),
      h('p', { id: 'status' }, view.error ? `error ${view.error.code}` : view.info?.sessionStatus),
      h('p', { id: 'pin' }, view.info?.pinCode),
      h('p', { id: 'agents' }, view.info?.agents.map(({ userName }) => userName).join()),
      h('button', { type: 'button', onClick: () => view.session?.start({ sdkToken: token }) }, 'Get help'),
    ])
})

const Agent = defineComponent(() => {
  const { view, root } = useAgentSession({ appKey, host })
  return () =>
    h('main', [
      h('p', { id: 'status' }, view.error ? `error ${view.error.code}` : view.info?.sessionStatus),
      h(
        'button',
        { type: 'button', onClick: () => view.session?.join({ pinCode: window.pinCode, sdkToken: token }) },
        'Join',
      ),
      h('div', { ref: root, style: { height: '500px' } }),
    ])
})

const shown = ref(true)
createApp({
  render: () => [
    h('button', { type: 'button', onClick: () => (shown.value = false) }, 'Go away'),
    shown.value ? h(role === 'agent' ? Agent : Customer) : null,
  ],
}).mount('#app')
