export { type DriverOptions, drivers } from './drivers.ts';
export { CARD, Duet, type DuetOptions } from './duet.ts';
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
export { shapeDifferences } from './shape.ts';
