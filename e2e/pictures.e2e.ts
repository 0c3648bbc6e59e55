import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Harness } from './harness.ts'
import { makePicture, sendFile } from './picture-files.ts'
import { Site } from './session-site.ts'

let harness: Harness
let site: Site
let elsewhere: Server

beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness)
  elsewhere = createServer((_request, response) => sendFile(response, 'image/png', makePicture(90, 90, 90)))
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  await site.close()
  await harness.close()
  await new Promise((resolve) => elsewhere.close(resolve))
})

/** Waits until a canvas of the copy has this colour in its middle. */
async function coloured(agent: Page, id: string, wanted: number[]): Promise<void> {
  await agent.waitForFunction(
    ({ id, wanted }) => {
      const canvas = document.querySelector('iframe')?.contentDocument?.querySelector<HTMLCanvasElement>(`#${id}`)
      const found = canvas?.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data
      return found !== undefined && wanted.every((value, i) => Math.abs(value - found[i]!) < 12)
    },
    { id, wanted },
  )
}

test.each(['chromium', 'firefox'] as const)(
  'STA-28 in %s canvases are shown, and only then the part is loaded',
  async (browser) => {
    const { customer, agent } = await site.pair(browser)
    const loaded: string[] = []
    customer.on('request', (request) => {
      if (request.url().includes('/core/')) loaded.push(new URL(request.url()).pathname.split('/').at(-1)!)
    })
    const { port } = elsewhere.address() as AddressInfo
    await customer.evaluate(() => document.body.append('more text'))
    expect(loaded).toEqual([])
    await customer.evaluate(async (address) => {
      document.body.insertAdjacentHTML(
        'beforeend',
        '<canvas id=own width=80 height=80></canvas><canvas id=tainted width=80 height=80></canvas>',
      )
      const [own, tainted] = [...document.querySelectorAll('canvas')].map((canvas) => canvas.getContext('2d')!)
      own!.fillStyle = 'rgb(10,120,30)'
      own!.fillRect(0, 0, 80, 80)
      const picture = new Image()
      picture.src = address
      await picture.decode()
      tainted!.drawImage(picture, 0, 0, 80, 80)
    }, `http://127.0.0.1:${port}/picture.png`)
    await coloured(agent, 'own', [10, 120, 30, 255])
    await agent.waitForFunction(() => {
      const canvas = document.querySelector('iframe')?.contentDocument?.querySelector<HTMLCanvasElement>('#tainted')
      const found = canvas?.getContext('2d')?.getImageData(40, 41, 1, 1).data
      return found?.[3] === 255 && found[0]! > 150
    })
    expect(loaded).toEqual(['picture.js'])
    await harness.shot(agent, `pictures-${browser}`)
    await customer.evaluate(() => window.customer.end())
  },
)
