import { parseFrame, printCall } from '@busbar/protocol';
import { BusbarError } from '@busbar/runtime';
import type { Bench } from './bench.ts';
import { transactionEvent } from './load/hot-event.ts';
import { round } from './measure/percentile.ts';
import { microseconds } from './measure/spin.ts';
import { atMost, type Row } from './report.ts';

const MESSAGE_ID = '3f1c9a80-58c1-4e7e-b6a5-d1e1f0a7c001';

/** How much reading a frame costs beyond JSON.parse of the same text. */
export const frame: Bench = async ({ full, roundMs }) => {
  const texts = {
    TransactionEvent: printCall(MESSAGE_ID, 'TransactionEvent', transactionEvent('7a1f0c2e-5b1d-4f0e-9a57-2f6f6c1e0b11', 17)),
    Heartbeat: printCall(MESSAGE_ID, 'Heartbeat', {}),
  };
  const rows: Row[] = Object.entries(texts).map(([action, text]) => {
    if (parseFrame(text, 'ocpp2.0.1').type !== 'call') throw new BusbarError('internal', `${action} of the bench is no CALL`);
    const works = [() => void JSON.parse(text), () => void parseFrame(text, 'ocpp2.0.1')];
    const [parse = 0, whole = 0] = microseconds(works, roundMs ?? 100, full ? 31 : 11);
    return {
      message: action,
      bytes: text.length,
      'JSON.parse µs': round(parse, 2),
      'whole frame µs': round(whole, 2),
      'beyond µs': round(whole - parse, 2),
      ratio: round((whole - parse) / parse, 3),
    };
  });
  return {
    about: 'What the frame parser costs beyond JSON.parse of the same text.',
    rows,
    targets: [atMost('ratio', 'frame parser / JSON.parse, TransactionEvent', 0.2, Number(rows[0]?.['ratio']))],
    notes: [],
  };
};
