import { afterEach, expect, test } from 'vitest'
import { tileEncoder } from './capture/pictures/tile-encoder.ts'
import type { Pair, PairOptions } from './pair/pair.ts'
import { colourAt, copied, createPicturePair, isNear, until } from './pair/picture-pair.ts'

const pairs: Pair[] = []

async function pairOf(body: string, options: PairOptions = {}): Promise<Pair> {
  const pair = await createPicturePair(body, options)
  pairs.push(pair)
  return pair
}

afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close()
})

test('STA-20 a canvas drawn before the start is shown, and what is drawn later, tile by tile', async () => {
  const shown = await pairOf('<canvas width=600 height=300></canvas>')
  const canvas = shown.page.querySelector('canvas')!
  const context = canvas.getContext('2d')!
  context.fillStyle = 'rgb(200,0,0)'
  context.fillRect(0, 0, 600, 300)
  await until(
    shown,
    () => isNear(copied(shown), 10, 10, [200, 0, 0, 255]) && isNear(copied(shown), 599, 299, [200, 0, 0, 255]),
  )
  const before = shown.frames.length
  context.fillStyle = 'rgb(0,0,200)'
  context.fillRect(520, 270, 10, 10)
  await until(shown, () => isNear(copied(shown), 525, 275, [0, 0, 200, 255]))
  expect(isNear(copied(shown), 10, 10, [200, 0, 0, 255])).toBe(true)
  // One tile of six.
  const bytes = shown.frames.slice(before).reduce((sum, { length }) => sum + length, 0)
  expect(bytes).toBeLessThan(1_500)
  context.clearRect(0, 0, 600, 300)
  await until(shown, () => isNear(copied(shown), 10, 10, [0, 0, 0, 0]))
})

test('STA-20 a canvas of another size and one in a shadow root and in a frame are shown', async () => {
  const pair = await pairOf('<canvas width=40 height=40></canvas><div></div><iframe></iframe>')
  const root = pair.page.querySelector('div')!.attachShadow({ mode: 'open' })
  root.innerHTML = '<canvas width=20 height=20></canvas>'
  const inner = pair.page.querySelector('iframe')!.contentDocument!
  inner.body.innerHTML = '<canvas width=20 height=20></canvas>'
  pair.flush()
  const [outer, shadowed, framed] = [pair.page, root, inner].map((at) => at.querySelector('canvas')!)
  for (const canvas of [outer!, shadowed!, framed!]) {
    canvas.width = 60
    canvas.getContext('2d')!.fillStyle = 'rgb(0,150,0)'
    canvas.getContext('2d')!.fillRect(0, 0, 60, 60)
  }
  const green = [0, 150, 0, 255]
  await until(pair, () => isNear(copied(pair), 55, 15, green))
  await until(pair, () => isNear(pair.copy.querySelector('div')!.shadowRoot!.querySelector('canvas')!, 55, 15, green))
  await until(pair, () =>
    isNear(pair.copy.querySelector('iframe')!.contentDocument!.querySelector('canvas')!, 55, 15, green),
  )
})

test('STA-22 a canvas that a worker draws on is shown', async () => {
  const pair = await pairOf('<canvas width=50 height=50></canvas>')
  pair.flush()
  const offscreen = pair.page.querySelector('canvas')!.transferControlToOffscreen()
  const source = 'onmessage=({data})=>{const c=data.getContext("2d");c.fillStyle="rgb(0,0,180)";c.fillRect(0,0,50,50)}'
  const worker = new Worker(URL.createObjectURL(new Blob([source])))
  worker.postMessage(offscreen, [offscreen])
  await until(pair, () => isNear(copied(pair), 25, 25, [0, 0, 180, 255]))
  worker.terminate()
})

test('STA-23 a masked canvas never leaves the page, and one that becomes masked is emptied', async () => {
  const pair = await pairOf('<canvas class=m width=50 height=50></canvas><canvas id=o width=50 height=50></canvas>', {
    mask: { maskType: 'custom_input', maskCssSelectors: '.m' },
  })
  for (const canvas of pair.page.querySelectorAll('canvas')) {
    canvas.getContext('2d')!.fillStyle = 'rgb(200,0,0)'
    canvas.getContext('2d')!.fillRect(0, 0, 50, 50)
  }
  const [masked, open] = pair.copy.body ? [...pair.copy.querySelectorAll('canvas')] : []
  expect(masked ?? open).toBeUndefined()
  pair.flush()
  const second = () => pair.copy.querySelectorAll('canvas')[1]!
  await until(pair, () => isNear(second(), 25, 25, [200, 0, 0, 255]))
  expect(colourAt(copied(pair), 25, 25)).toEqual([0, 0, 0, 0])
  pair.page.querySelector('#o')!.className = 'm'
  await until(pair, () => isNear(second(), 25, 25, [0, 0, 0, 0]))
  expect(colourAt(copied(pair), 25, 25)).toEqual([0, 0, 0, 0])
})

test('STA-23 a canvas that does not change is emptied when it is masked, and shown when it is open again', async () => {
  const pair = await pairOf('<canvas width=50 height=50></canvas>', {
    mask: { maskType: 'custom_input', maskCssSelectors: '.m' },
  })
  pair.flush()
  const canvas = pair.page.querySelector('canvas')!
  canvas.getContext('2d')!.fillStyle = 'rgb(200,0,0)'
  canvas.getContext('2d')!.fillRect(0, 0, 50, 50)
  for (const [name, colour] of [
    ['', [200, 0, 0, 255]],
    ['m', [0, 0, 0, 0]],
    ['', [200, 0, 0, 255]],
  ] as const) {
    canvas.className = name
    await until(pair, () => isNear(copied(pair), 25, 25, [...colour]))
    // It is looked at once more, masked or not.
    for (let frame = 0; frame < 20; frame++) await new Promise(requestAnimationFrame)
  }
})

test('STA-20 what is drawn stays when only the look of a canvas changes, and goes when its size is set anew', async () => {
  const pair = await pairOf('<canvas width=50 height=50></canvas>')
  pair.flush()
  const canvas = pair.page.querySelector('canvas')!
  canvas.getContext('2d')!.fillRect(0, 0, 50, 50)
  await until(pair, () => isNear(copied(pair), 25, 25, [0, 0, 0, 255]) && copied(pair).style.content !== '')
  canvas.style.width = '60px'
  pair.flush()
  expect(copied(pair).style.width).toBe('60px')
  expect(copied(pair).style.content).toContain('blob:')
  canvas.removeAttribute('style')
  pair.flush()
  expect(copied(pair).style.width).toBe('')
  expect(copied(pair).style.content).toContain('blob:')
  canvas.width = 50
  await until(pair, () => isNear(copied(pair), 25, 25, [0, 0, 0, 0]))
})

test('STA-24 what cannot be read has a clear stand-in until it can', async () => {
  const pair = await pairOf('<canvas width=5000 height=5000></canvas>')
  const canvas = pair.page.querySelector('canvas')!
  await until(pair, () => isNear(copied(pair), 40, 41, [230, 230, 230, 255]))
  canvas.width = 50
  canvas.height = 50
  canvas.getContext('2d')!.fillRect(0, 0, 50, 50)
  await until(pair, () => isNear(copied(pair), 25, 25, [0, 0, 0, 255]))
})

test('STA-27 a video shows what it plays', async () => {
  const pair = await pairOf('<video width=64 height=64 muted></video>')
  const source = Object.assign(document.createElement('canvas'), { width: 64, height: 64 })
  const context = source.getContext('2d')!
  const video = pair.page.querySelector('video')!
  video.srcObject = source.captureStream()
  let drawing = true
  const draw = () => {
    context.fillStyle = 'rgb(0,140,0)'
    context.fillRect(0, 0, 64, 64)
    if (drawing) requestAnimationFrame(draw)
  }
  draw()
  await video.play()
  const poster = () => pair.copy.querySelector('video')?.getAttribute('poster')
  await until(pair, () => poster()?.startsWith('blob:') === true)
  const shown = new Image()
  shown.src = poster()!
  await shown.decode()
  const seen = Object.assign(document.createElement('canvas'), {
    width: shown.naturalWidth,
    height: shown.naturalHeight,
  })
  seen.getContext('2d')!.drawImage(shown, 0, 0)
  expect(shown.naturalWidth).toBe(64)
  expect(isNear(seen, 30, 30, [0, 140, 0, 255])).toBe(true)
  drawing = false
  for (const track of (video.srcObject as MediaStream).getTracks()) track.stop()
})

test('STA-25 a late joiner gets the newest pictures, and a line without room none', async () => {
  const pair = await pairOf('<canvas width=50 height=50></canvas>')
  const context = pair.page.querySelector('canvas')!.getContext('2d')!
  context.fillStyle = 'rgb(200,0,0)'
  context.fillRect(0, 0, 50, 50)
  await until(pair, () => isNear(copied(pair), 25, 25, [200, 0, 0, 255]))
  const late = await pair.join()
  const inLate = () => late.copy.querySelector('canvas')
  await until(pair, () => inLate() !== null && isNear(inLate()!, 25, 25, [200, 0, 0, 255]))
})

test('STA-26 closing restores the drawing functions, and pictures are encoded without a worker too', async () => {
  const pair = await pairOf('<canvas width=50 height=50></canvas>')
  const view = pair.page.defaultView as Window & typeof globalThis
  pair.flush()
  expect(String(view.CanvasRenderingContext2D.prototype.fillRect)).not.toContain('[native code]')
  pair.close()
  expect(String(view.CanvasRenderingContext2D.prototype.fillRect)).toContain('[native code]')
  expect(String(view.WebGL2RenderingContext.prototype.clear)).toContain('[native code]')
  const canvas = Object.assign(document.createElement('canvas'), { width: 300, height: 20 })
  canvas.getContext('2d')!.fillRect(0, 0, 300, 20)
  const encode = tileEncoder()
  expect((await encode(1, await createImageBitmap(canvas), 256)).tiles.map(({ x, y }) => [x, y])).toEqual([
    [0, 0],
    [256, 0],
  ])
  expect((await encode(1, await createImageBitmap(canvas), 256)).tiles).toEqual([])
  // What has left the page is kept no longer: a page may make canvas after canvas.
  expect((await encode(1, undefined, 0)).tiles).toEqual([])
  expect((await encode(1, await createImageBitmap(canvas), 256)).tiles).toHaveLength(2)
})
