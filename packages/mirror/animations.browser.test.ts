import { afterEach, expect, test } from 'vitest'
import { start } from './capture/animations/animations.ts'
import { createPair, type Pair, type PairOptions } from './pair/pair.ts'

const pairs: Pair[] = []

async function pairOf(body: string, options: PairOptions = {}, prepare = (_page: Document) => {}): Promise<Pair> {
  const pair = await createPair({ html: `<!DOCTYPE html><html><head></head><body>${body}</body></html>`, ...options })
  pairs.push(pair)
  prepare(pair.page)
  pair.capture.extend('animation', start)
  return pair
}

afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close()
})

const LONG = 1_000_000

function shown(document: Document, selector = 'p'): string {
  const { transform, opacity, marginLeft } = document.defaultView!.getComputedStyle(document.querySelector(selector)!)
  return `${transform} ${opacity} ${marginLeft}`
}

function move(page: Document, options: KeyframeAnimationOptions = {}): Animation {
  const animation = page.querySelector('p')!.animate(
    [
      { transform: 'translateX(0px)', opacity: 1, marginLeft: '0px' },
      { transform: 'translateX(100px)', opacity: 0.5, marginLeft: '30px', offset: 0.5, easing: 'ease-in' },
      { transform: 'translateX(0px)', opacity: 0, marginLeft: '9px' },
    ],
    { duration: LONG, fill: 'both', ...options },
  )
  return animation
}

test('STA-30 what script animates stands in the copy where it stands on the page, paused, sought and cancelled', async () => {
  const pair = await pairOf('<p>x</p>')
  pair.flush()
  const animation = move(pair.page)
  animation.pause()
  animation.currentTime = LONG / 2
  pair.flush()
  expect(shown(pair.page)).toBe('matrix(1, 0, 0, 1, 100, 0) 0.5 30px')
  expect(shown(pair.copy)).toBe(shown(pair.page))
  animation.currentTime = LONG * 0.8
  pair.flush()
  expect(shown(pair.copy)).toBe(shown(pair.page))
  animation.finish()
  pair.flush()
  expect(shown(pair.copy)).toBe(shown(pair.page))
  animation.cancel()
  pair.flush()
  expect(shown(pair.copy)).toBe('none 1 0px')
})

test('STA-30 one that runs goes on in the copy by itself, without end and backwards too', async () => {
  const pair = await pairOf('<p>x</p>')
  pair.flush()
  move(pair.page, { iterations: Number.POSITIVE_INFINITY, direction: 'alternate' })
  pair.flush()
  const [copied] = pair.copy.getAnimations()
  expect(copied!.playState).toBe('running')
  expect(copied!.effect!.getTiming()).toMatchObject({ iterations: Number.POSITIVE_INFINITY, direction: 'alternate' })
  const frames = pair.frames.length
  await new Promise(requestAnimationFrame)
  pair.flush()
  expect(pair.frames.length).toBe(frames)
})

test('STA-31 animations from before the start and late joiners are served', async () => {
  const pair = await pairOf('<p>x</p>', {}, (page) => {
    const animation = move(page)
    animation.pause()
    animation.currentTime = LONG / 2
  })
  pair.flush()
  expect(shown(pair.copy)).toBe(shown(pair.page))
  const late = await pair.join()
  pair.flush()
  expect(shown(late.copy)).toBe(shown(pair.page))
})

test('STA-32 keyframes pass the mask and name no address', async () => {
  const pair = await pairOf('<p class=m>x</p><b>y</b>', {
    mask: { maskType: 'custom_input', maskCssSelectors: '.m' },
  })
  pair.flush()
  for (const element of pair.page.querySelectorAll('p, b')) {
    const own = element.className ? { '--own': 'secretword', content: '"secretword"' } : {}
    const animation = element.animate(
      [own, { ...own, backgroundImage: 'url("/secretword.png")', marginLeft: '10px' }],
      { duration: LONG, fill: 'both' },
    )
    animation.pause()
    animation.currentTime = LONG
  }
  pair.flush()
  expect(pair.frames.some((frame) => new TextDecoder('latin1').decode(frame).includes('secretword'))).toBe(false)
  expect(pair.copy.defaultView!.getComputedStyle(pair.copy.querySelector('b')!).marginLeft).toBe('10px')
})

test('STA-33 closing restores what steers animations', async () => {
  const pair = await pairOf('<p>x</p>')
  pair.flush()
  move(pair.page)
  const { prototype } = (pair.page.defaultView as Window & typeof globalThis).Animation
  expect(String(prototype.cancel)).not.toContain('[native code]')
  pair.close()
  expect(String(prototype.cancel)).toContain('[native code]')
})

test('STA-34 an element that was animated and removed is let go of', async () => {
  const known = new Set<Element>()
  const page = {
    decide: () => 0,
    wake() {},
    later: () => () => {},
    streams: () => [],
    roots: () => [document],
    style: (_element: Element, text: string) => text,
  }
  const teller = start(page)
  const stream = { knows: (element: Element) => known.add(element).size === 0, room: () => 0 }
  for (let i = 0; i < 1_000; i++) {
    const toast = document.body.appendChild(document.createElement('p'))
    toast.animate([{ opacity: 0 }, { opacity: 1 }], 1).finish()
    teller.enter(toast)
    toast.remove()
  }
  teller.waits(stream)
  teller.close()
  expect(known.size).toBeLessThan(600)
})
