// Records what the fuzz test mutates: `node bench/fuzz/record-frames.ts`, after a build, whenever the wire has changed.
// A page with something of everything in a real browser, seen by an agent through the real server.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { chromium } from 'playwright'
import {
  decodeHeader,
  type EntryKind,
  encodeAssetHead,
  encodeEntryHead,
  encodeFrame,
  FLAG_DEFLATED,
  PROTOCOL_VERSION,
  RECORDING_MAGIC,
  type RecordingInfo,
  type RecordingMark,
} from '../../packages/protocol/index.ts'
import { startServer } from '../../packages/server/index.ts'
import { Line } from '../../packages/server/testing/line.ts'
import { CHROMIUM } from '../../scripts/browsers.ts'

const PAGE = `<!DOCTYPE html><html lang="en"><head><title>Everything</title><style>
@font-face { font-family: A; src: url("data:font/woff2;base64,AAAA") } .a:hover > b { color: #123; margin: 1px 2px }
@media (min-width: 1px) { li::before { content: "•" } }</style><link rel="stylesheet" href="/sheet.css"></head><body>
<canvas width="20" height="20"></canvas><audio controls></audio><iframe id="guest" src="GUEST"></iframe>
<h1 class="a">Prices <b>today</b></h1><!-- a comment --><p>Ein Straßenname, 東京, \u{1f600} and <em>more</em></p>
<ul>${'<li data-n="1">row <a href="/x">link</a></li>'.repeat(20)}</ul>
<form><input value="Cora"><input type="checkbox" checked><textarea>two
lines</textarea><select><option>a<option selected>b</select><input type="password" value="secret"></form>
<svg viewBox="0 0 9 9"><defs><g id="g"><path d="M0 0L9 9"/></g></defs><use href="#g"/><text>svg</text></svg>
<math><mi>x</mi><mo>=</mo><mn>1</mn></math>
<iframe srcdoc="<p>inside <b>frame</b></p>"></iframe><div id="host"></div><dialog>modal</dialog>
<div style="height:80px;overflow:auto" id="box"><p style="height:400px">tall</p></div></body></html>`

/** A page of another site that takes part in the session. */
const GUEST = `<!DOCTYPE html><title>Guest</title><script src="SDK"></script><p>a guest <input value="of the page"></p>`

/** Runs in the page: changes of every kind, one flush after another. */
async function change(): Promise<void> {
  const flush = () => new Promise((resolve) => setTimeout(resolve, 60))
  const root = document.querySelector('#host')!.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(':host { display: block } p { color: green }')
  root.adoptedStyleSheets = [sheet]
  root.innerHTML = '<p>shadow <slot></slot></p>'
  await flush()
  sheet.insertRule('b { color: red }', 1)
  document.querySelector('canvas')!.getContext('2d')!.fillRect(2, 2, 9, 9)
  document.querySelector('p')!.firstChild!.nodeValue = 'Another street name'
  await flush()
  const former = document.querySelectorAll('li')[7]!
  former.remove()
  document.querySelector('ul')!.append(...[...document.querySelectorAll('li')].slice(0, 5))
  document.querySelector('li')!.remove()
  document.querySelector('h1')!.setAttribute('title', 'a title')
  document.querySelector('h1')!.removeAttribute('class')
  await flush()
  document.querySelector('dialog')!.showModal()
  document.querySelector('#box')!.scrollTop = 50
  document.querySelector('h1')!.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 5_000 })
  await flush()
  const [name, box] = document.querySelectorAll('input')
  name!.value = 'Cora Dale'
  box!.checked = false
  name!.focus()
  document.querySelector('select')!.selectedIndex = 0
  await flush()
  const words = document.querySelector('p')!.firstChild as Text
  words.data = 'a long text '.repeat(20)
  await flush()
  words.replaceData(100, 1, 'typed in the middle of it')
  await flush()
  document.querySelector('dialog')!.close()
  getSelection()!.selectAllChildren(document.querySelector('h1')!)
  for (let n = 0; n < 10; n++) {
    document.querySelector('h1')!.textContent = `Prices ${n}`
    await flush()
  }
}

const server = await startServer()
const script = `${server.origin}/static/resource/sdk/dev/js`
const site = createServer((request, response) => {
  const isSheet = request.url === '/sheet.css'
  response.setHeader('content-type', isSheet ? 'text/css' : 'text/html; charset=utf-8')
  if (isSheet) response.end('.a { color: navy }')
  else response.end(request.url === '/guest' ? GUEST.replace('SDK', script) : PAGE.replace('GUEST', `${guest}/guest`))
})
await once(site.listen(0, '127.0.0.1'), 'listening')
const { port } = site.address() as AddressInfo
const guest = `http://guest.localhost:${port}`
const browser = await chromium.launch(CHROMIUM)
const page = await browser.newPage()
await page.goto(`http://shop.localhost:${port}/`)
await page.addScriptTag({ url: script })
const token = async (role: 1 | 2) => {
  const body = JSON.stringify({ role, userName: role === 1 ? 'Cora' : 'Ana' })
  const headers = { 'content-type': 'application/json' }
  return (
    (await (await fetch(`${server.origin}/token`, { method: 'POST', headers, body })).json()) as { token: string }
  ).token
}
const pinCode = await page.evaluate(
  async ({ sdkToken, guest }) => {
    const { session } = await window.AlongsideSDK.init({ confirmSession: () => true, trustedOrigins: [guest] })
    await session.start({ sdkToken })
    while (!session.getSessionInfo().pinCode) await new Promise(requestAnimationFrame)
    return session.getSessionInfo().pinCode
  },
  { sdkToken: await token(1), guest },
)

const entries: Uint8Array[] = [RECORDING_MAGIC]
const add = (kind: EntryKind, payload: Uint8Array) =>
  entries.push(encodeEntryHead(kind, entries.length, payload.length), payload)
const json = (value: RecordingInfo | RecordingMark) => new TextEncoder().encode(JSON.stringify(value))
add('info', json({ recordingId: 'r', sessionId: 's', startTime: 1, customerName: 'Cora' }))
add('asset', encodeAssetHead({ key: 'a', hash: 'h', type: 'image/png' }))
add('mark', json({ type: 'paused', paused: true }))
const agent = await Line.open(server.port)
const receive = (bytes: Buffer) => {
  const header = decodeHeader(bytes)
  if (header?.kind !== 'content') return
  const payload = bytes.subarray(8)
  const plain = header.flags & FLAG_DEFLATED ? inflateRawSync(payload) : payload
  const frame = encodeFrame({ ...header, flags: 0 }, plain)
  add('frame', frame)
  agent.socket.send(encodeFrame({ kind: 'ack', flags: 0, peer: 1, sequence: header.sequence }))
}
agent.socket.on('message', (data: Buffer, isBinary) => {
  if (isBinary) receive(data)
})
agent.say({ type: 'join', version: PROTOCOL_VERSION, token: await token(2), pinCode })
await agent.expect('asked')
await agent.expect('joined')
await page.evaluate(change)
const file = join(import.meta.dirname, 'frames.alrec')
writeFileSync(file, Buffer.concat(entries))
console.log(`${(entries.length - 1) / 2} entries written to ${file}`)
await agent.close()
await browser.close()
site.close()
await server.close()
