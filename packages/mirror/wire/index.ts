export * from './format.ts'
export { FrameReader, WireError } from './reader.ts'
export { isFrame, isOpaque, safeAttribute, safeCss, standIn } from './safe.ts'
export { FrameWriter } from './writer.ts'
