/** A file with the beginning of a PNG and as many bytes as are asked for; different numbers make different files. */
export function makePng(bytes = 64, number = 0): Buffer<ArrayBuffer> {
  const file = Buffer.alloc(bytes)
  file.write('89504e470d0a1a0a', 'hex')
  file.writeUInt32BE(number, 8)
  return file
}

export const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>')
