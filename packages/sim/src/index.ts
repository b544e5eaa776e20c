export { type DriverOptions, drivers } from './drivers.ts';
export { CARD, Duet, type DuetOptions, OTHER_CARD } from './duet.ts';
export { Invariants } from './invariants.ts';
export { type LifeOptions, type LifeReport, randomLife } from './random-life.ts';
export {
  frameLine,
  headerLine,
  parseRecording,
  printRecording,
  type RecordedDirection,
  type RecordedFrame,
  Recorder,
  type Recording,
  type RecordingHeader,
} from './recording.ts';
export { type Difference, type ReplayOptions, type ReplayReport, replay } from './replay.ts';
export { REGRESSIONS } from './seeds.ts';
export { shapeDifferences } from './shape.ts';
