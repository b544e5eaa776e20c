import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRules, OCPP_VERSIONS } from '@busbar/protocol';
import { BusbarError } from '@busbar/runtime';
import type { Bench } from './bench.ts';
import { transactionEvent } from './load/hot-event.ts';
import { median, round } from './measure/percentile.ts';
import { microseconds } from './measure/spin.ts';
import { Part } from './part.ts';
import { atMost, type Row, type Target } from './report.ts';

/** What validating costs beside parsing, and what loading the validators costs. */
export const validate: Bench = async ({ full, roundMs, progress }) => {
  const event = transactionEvent('7a1f0c2e-5b1d-4f0e-9a57-2f6f6c1e0b11', 17);
  const text = JSON.stringify([2, '3f1c9a80-58c1-4e7e-b6a5-d1e1f0a7c001', 'TransactionEvent', event]);
  const rows: Row[] = [];
  const targets: Target[] = [];
  for (const version of OCPP_VERSIONS) {
    const rules = await loadRules(version);
    if (rules.requestFault('TransactionEvent', event) !== undefined)
      throw new BusbarError('internal', `the event of the bench is not valid in ${version}`);
    const works = [() => void JSON.parse(text), () => void rules.requestFault('TransactionEvent', event)];
    const [parse = 0, check = 0] = microseconds(works, roundMs ?? 100, full ? 31 : 11);
    progress(`validate: loading ${version}`);
    const { cold, warm } = await loading(version, full ? 15 : 5);
    rows.push({
      version,
      'JSON.parse µs': round(parse, 2),
      'validate µs': round(check, 2),
      ratio: round(check / parse, 3),
      'load ms': round(cold, 1),
      'load ms, warm cache': round(warm, 1),
    });
    targets.push(
      atMost('ratio', `validate TransactionEvent / JSON.parse, ${version}`, 0.3, round(check / parse, 3)),
      atMost('time', `loading the validators of ${version}`, 30, round(cold, 1), ' ms'),
      atMost('time', `the same with a warm compile cache, ${version}`, 10, round(warm, 1), ' ms'),
    );
  }
  return {
    about: `What validating a TransactionEvent of ${text.length} bytes costs beside JSON.parse of its frame; loading in new processes.`,
    rows,
    targets,
    notes: [],
  };
};

/** Without a compile cache, and with one that a process before has filled. */
async function loading(version: string, times: number): Promise<{ cold: number; warm: number }> {
  const cache = mkdtempSync(join(tmpdir(), 'busbar-bench-cache-'));
  try {
    const once = async (environment: Readonly<Record<string, string>>): Promise<number> => {
      const part = Part.start('validators', { environment });
      const ms = await part.ask({ do: 'loadValidators', version });
      await part.stop();
      return ms;
    };
    const [cold, warm]: [number[], number[]] = [[], []];
    await once({ NODE_COMPILE_CACHE: cache });
    for (let i = 0; i < times; i += 1) {
      cold.push(await once({ NODE_DISABLE_COMPILE_CACHE: '1' }));
      warm.push(await once({ NODE_COMPILE_CACHE: cache }));
    }
    return { cold: median(cold), warm: median(warm) };
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}
