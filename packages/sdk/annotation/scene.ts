import type { ParticipantId } from '@alongside/protocol'
import type { Mark, PointingTool } from './mark.ts'
import type { Box, Point } from './stroke.ts'

/** What moves on a page, in the coordinates of what drifts with it. Made of plain values: it may go to another thread. */
export interface Scene {
  viewport: Box
  /** Pixels of the screen in a CSS pixel. */
  ratio: number
  marks: LiveScene[]
  pointings: PointingScene[]
}

/** A mark that is being drawn. */
export interface LiveScene extends Pick<Mark<unknown>, 'key' | 'tool' | 'colour' | 'revision'> {
  /** Of its anchor. */
  box: Box
  /** Outside of this nothing of it is seen. */
  clip: Box | undefined
  /** Those that were not in the scene before. */
  points: number[]
}

/** Somebody who points. */
export interface PointingScene {
  participant: ParticipantId
  tool: PointingTool
  name: string
  colour: number
  /** Undefined where it is not seen. */
  at: Point | undefined
}
