import { expect, test } from 'vitest'
import { sniffAsset } from './asset-type.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const text = (content: string) => new TextEncoder().encode(content)

test.each([
  ['image/png', hex('89504e470d0a1a0a 0000000d')],
  ['image/jpeg', hex('ffd8ffe0')],
  ['image/gif', text('GIF89a….')],
  ['image/webp', text('RIFF1234WEBPVP8 ')],
  ['image/avif', text('\0\0\0 ftypavif')],
  ['image/x-icon', hex('00000100 0100')],
  ['font/woff2', text('wOF2\0\x01')],
  ['font/ttf', hex('00010000 0010')],
  ['font/otf', text('OTTO')],
  ['image/svg+xml', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  [
    'image/svg+xml',
    text('\uFEFF<?xml version="1.0"?>\n<!-- by hand --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n<svg>'),
  ],
  ['image/svg+xml', text('<!DOCTYPE svg [<!ENTITY a "b">]><svg\n/>')],
])('AST-1 tells a file of %s by its first bytes', (type, bytes) => {
  expect(sniffAsset(bytes)).toBe(type)
})

test.each([
  ['nothing', text('')],
  ['a page', text('<!doctype html><html><svg></svg></html>')],
  ['a page after a comment', text('<!-- <svg> --><script>alert(1)</script>')],
  ['a comment without an end', text(`${'<!---->'.repeat(1_000)}<!--`)],
  ['an element that only begins like one', text('<svgx>')],
  ['a script', text('alert("<svg>")')],
  ['a few bytes of a picture', hex('89504e47')],
])('AST-1 takes %s for neither picture nor font', (_name, bytes) => {
  expect(sniffAsset(bytes)).toBe(undefined)
})
