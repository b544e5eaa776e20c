import { isOcppVersion, type OcppVersion } from '@busbar/protocol';
import { BusbarError, formatInstant, type Instant, type Millis, parseInstant } from '@busbar/runtime';

/** docs/recordings.md describes the file. */
export const RECORDING_FORMAT = 'busbar-recording';
export const RECORDING_VERSION = 1;

export interface RecordingHeader {
  readonly ocppVersion: OcppVersion;
  readonly stationId: string;
  readonly recordedAt: Instant;
}

export type RecordedDirection = 'station→csms' | 'csms→station';

export interface RecordedFrame {
  /** Since the first line of the recording. */
  readonly t: Millis;
  readonly direction: RecordedDirection;
  /** The frame as JSON; text that is no JSON array stays a string. */
  readonly frame: readonly unknown[] | string;
}

export interface Recording {
  readonly header: RecordingHeader;
  readonly frames: readonly RecordedFrame[];
}

export function headerLine({ ocppVersion, stationId, recordedAt }: RecordingHeader): string {
  return JSON.stringify({
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    ocppVersion,
    stationId,
    recordedAt: formatInstant(recordedAt),
  });
}

export function frameLine(t: Millis, direction: RecordedDirection, text: string): string {
  return JSON.stringify({ t: Math.max(0, Math.round(t)), direction, frame: frameOf(text) });
}

function frameOf(text: string): RecordedFrame['frame'] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : text;
  } catch {
    return text; // damaged on the wire: kept as it was
  }
}

export const printRecording = ({ header, frames }: Recording): string =>
  `${[headerLine(header), ...frames.map(({ t, direction, frame }) => JSON.stringify({ t, direction, frame }))].join('\n')}\n`;

/** Writes a recording line by line as frames go by. */
export class Recorder {
  readonly #startedAt: Instant;
  readonly #write: (line: string) => void;

  constructor(header: RecordingHeader, write: (line: string) => void) {
    this.#startedAt = header.recordedAt;
    this.#write = write;
    write(`${headerLine(header)}\n`);
  }

  frame(at: Instant, direction: RecordedDirection, text: string): void {
    this.#write(`${frameLine(at - this.#startedAt, direction, text)}\n`);
  }
}

/** Reads a recording; what is wrong is said with its line. */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  while (lines.at(-1) === '') lines.pop();
  const [first, ...rest] = lines;
  if (first === undefined) throw damaged(1, 'the file is empty');
  const header = readHeader(objectOf(first, 1));
  let before = 0;
  const frames = rest.map((line, index) => {
    const frame = readFrame(objectOf(line, index + 2), index + 2);
    if (frame.t < before) throw damaged(index + 2, `t is ${frame.t}, earlier than ${before} of the line before`);
    before = frame.t;
    return frame;
  });
  return { header, frames };
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(line: string, number: number): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw damaged(number, line === '' ? 'the line is empty' : 'the line is not JSON', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged(number, 'the line is no JSON object');
  return { ...value };
}

function readHeader({ format, version, ocppVersion, stationId, recordedAt }: Fields): RecordingHeader {
  if (format !== RECORDING_FORMAT) throw damaged(1, `format is ${shown(format)}, not "${RECORDING_FORMAT}"`);
  if (version !== RECORDING_VERSION) throw damaged(1, `version is ${shown(version)}; this Busbar reads ${RECORDING_VERSION}`);
  if (typeof ocppVersion !== 'string' || !isOcppVersion(ocppVersion))
    throw damaged(1, `ocppVersion is ${shown(ocppVersion)}, neither "ocpp2.0.1" nor "ocpp2.1"`);
  if (typeof stationId !== 'string' || stationId === '') throw damaged(1, `stationId is ${shown(stationId)}, not a name`);
  const at = typeof recordedAt === 'string' ? parseInstant(recordedAt) : Number.NaN;
  if (Number.isNaN(at)) throw damaged(1, `recordedAt is ${shown(recordedAt)}, not an RFC 3339 time`);
  return { ocppVersion, stationId, recordedAt: at };
}

function readFrame({ t, direction, frame, ...others }: Fields, line: number): RecordedFrame {
  const [stray] = Object.keys(others);
  if (stray !== undefined) throw damaged(line, `${stray} does not belong here`);
  if (typeof t !== 'number' || !Number.isInteger(t) || t < 0) throw damaged(line, `t is ${shown(t)}, not a whole number of milliseconds`);
  if (direction !== 'station→csms' && direction !== 'csms→station')
    throw damaged(line, `direction is ${shown(direction)}, neither "station→csms" nor "csms→station"`);
  if (typeof frame === 'string') return { t, direction, frame };
  if (!Array.isArray(frame)) throw damaged(line, `frame is ${shown(frame)}, neither an array nor a text`);
  return { t, direction, frame };
}

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60));

const damaged = (line: number, what: string, cause?: unknown): BusbarError =>
  new BusbarError('recording-damaged', `line ${line}: ${what}.`, { fields: { line }, cause });
