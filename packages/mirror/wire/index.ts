export * from './format.ts'
export { FrameReader, WireError } from './reader.ts'
export { type AssetAddress, isFrame, isOpaque, safeAttribute, safeCss, standIn } from './safe.ts'
export { FrameWriter } from './writer.ts'
