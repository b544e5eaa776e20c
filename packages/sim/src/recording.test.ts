import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameLine, headerLine, parseRecording, printRecording, type RecordedFrame } from './recording.ts';

const header = { ocppVersion: 'ocpp2.1', stationId: 'CS-1', recordedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6) } as const;
const first = headerLine(header);

test('what is written is read back', () => {
  const frame = fc.oneof(
    fc.json({ maxDepth: 3 }).map((text) => [2, 'id', 'Action', JSON.parse(text)]),
    fc.string().filter((text) => !text.startsWith('[')),
  );
  const frames: fc.Arbitrary<RecordedFrame[]> = fc
    .array(fc.record({ t: fc.nat(), direction: fc.constantFrom('station→csms' as const, 'csms→station' as const), frame }))
    .map((all) => all.sort((a, b) => a.t - b.t));
  fc.assert(
    fc.property(frames, (all) => {
      // -0 has no spelling in JSON
      expect(JSON.stringify(parseRecording(printRecording({ header, frames: all })))).toBe(JSON.stringify({ header, frames: all }));
    }),
  );
});

test('text that is no frame is kept as it was', () => {
  for (const text of ['[2,"x"', '{"a":1}', '', 'null'])
    expect(parseRecording(`${first}\n${frameLine(7.4, 'station→csms', text)}`).frames).toEqual([
      { t: 7, direction: 'station→csms', frame: text },
    ]);
});

describe('a damaged file is refused with its line', () => {
  const good = frameLine(5, 'station→csms', '[2,"1","Heartbeat",{}]');
  const headed = (change: Record<string, unknown>): string => JSON.stringify({ ...JSON.parse(first), ...change });
  test.each([
    ['', 'line 1: the file is empty'],
    ['hello', 'line 1: the line is not JSON'],
    ['[]', 'line 1: the line is no JSON object'],
    [headed({ format: 'pcap' }), 'line 1: format is "pcap"'],
    [headed({ version: 2 }), 'line 1: version is 2; this Busbar reads 1'],
    [headed({ ocppVersion: 'ocpp1.6' }), 'line 1: ocppVersion is "ocpp1.6"'],
    [headed({ stationId: '' }), 'line 1: stationId is ""'],
    [headed({ recordedAt: 'today' }), 'line 1: recordedAt is "today"'],
    [headed({ recordedAt: undefined }), 'line 1: recordedAt is missing'],
    [`${first}\n${good}\n\n${good}`, 'line 3: the line is empty'],
    [`${first}\n{"t":-1,"direction":"station→csms","frame":[]}`, 'line 2: t is -1'],
    [`${first}\n{"t":1,"direction":"up","frame":[]}`, 'line 2: direction is "up"'],
    [`${first}\n{"t":1,"direction":"station→csms"}`, 'line 2: frame is missing'],
    [`${first}\n{"t":1,"direction":"station→csms","frame":{}}`, 'line 2: frame is {}'],
    [`${first}\n{"t":1,"direction":"station→csms","frame":[],"note":1}`, 'line 2: note does not belong here'],
    [`${first}\n${good}\n${frameLine(4, 'station→csms', '[]')}`, 'line 3: t is 4, earlier than 5'],
  ])('%#', (text, message) => {
    expect(() => parseRecording(text)).toThrow(message);
  });
  test('Windows line ends and a missing last one are fine', () => {
    expect(parseRecording(`${first}\r\n${good}`).frames).toHaveLength(1);
  });
});

test('the recorded sessions of examples/ can be read', () => {
  const folder = join(import.meta.dirname, '../../../examples/sessions');
  const files = globSync('*.jsonl', { cwd: folder });
  expect(files.sort()).toEqual(['ocpp2.0.1.jsonl', 'ocpp2.1.jsonl']);
  for (const file of files) {
    const { header: read, frames } = parseRecording(readFileSync(join(folder, file), 'utf8'));
    expect(`${read.ocppVersion}.jsonl`).toBe(file);
    expect(frames.length).toBeGreaterThan(30);
  }
});
