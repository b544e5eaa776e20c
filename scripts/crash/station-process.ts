// One simulated station as a process that may be killed at any moment. It plays its driver by itself: one session per life
// that finds the bay empty, or the rest of the session that the last life left behind. What the CSMS acknowledged is
// appended to a file before anything else happens, so that the judge knows it even after SIGKILL.
import { appendFileSync, writeSync } from 'node:fs';
import { isOcppVersion } from '@busbar/protocol';
import { silentLog } from '@busbar/runtime';
import { demoTopologies } from '@busbar/station/hardware';
import { StationHost } from '../../packages/cli/src/station-host.ts';

interface Orders {
  readonly id: string;
  readonly url: string;
  readonly password: string;
  readonly folder: string;
  readonly token: string;
  readonly version: string;
  /** How long energy flows before the driver comes back. */
  readonly chargeMs: number;
  readonly synchronous?: 'FULL' | 'OFF';
  /** Only finish what was begun; begin nothing. */
  readonly finishOnly: boolean;
}

const orders: Orders = JSON.parse(process.argv[2] ?? '{}');
const host = new StationHost(orders.folder, silentLog, orders.synchronous === undefined ? {} : { synchronous: orders.synchronous });
const sent = new Map<string, string>();
const decisions: string[] = [];
const { station, hardware } = host.add({
  id: orders.id,
  url: orders.url,
  password: orders.password,
  versions: isOcppVersion(orders.version) ? [orders.version] : ['ocpp2.0.1'],
  deflate: false,
  topology: demoTopologies.dc150,
  variables: {
    'SampledDataCtrlr.TxUpdatedInterval': '1',
    'OCPPCommCtrlr.RetryBackOffWaitMinimum': '0',
    'OCPPCommCtrlr.RetryBackOffRandomRange': '1',
    'OCPPCommCtrlr.RetryBackOffRepeatTimes': '0',
    'OCPPCommCtrlr.MessageAttempts[TransactionEvent]': '10',
    'OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]': '1',
  },
  onTrace: (event) => {
    if (event.kind === 'decision') decisions.push(event.text);
    if (event.kind !== 'frame') return;
    const frame: unknown[] = JSON.parse(event.text);
    const [type, id, action, payload] = frame;
    if (event.direction === 'out' && type === 2 && action === 'TransactionEvent') {
      const key = keyOf(payload);
      sent.set(String(id), key);
      writeSync(1, `sent ${key}\n`);
    } else if (event.direction === 'in' && type === 3 && sent.has(String(id))) {
      appendFileSync(`${orders.folder}/acknowledged`, `${sent.get(String(id))}\n`);
    }
  },
});

function keyOf(payload: unknown): string {
  const { seqNo, transactionInfo } = payload as { seqNo: number; transactionInfo: { transactionId: string } };
  return `${transactionInfo.transactionId} ${seqNo}`;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Whoever waits too long says what the station decided meanwhile. */
async function until(what: string, fact: () => boolean): Promise<void> {
  for (let waited = 0; !fact(); waited += 20) {
    if (waited > 60_000) throw new Error(`${what} did not happen: ${decisions.slice(-8).join('; ')}; ${JSON.stringify(station.facts())}`);
    await pause(20);
  }
}
const evse = () => station.facts().evses[0];
const plugged = (): boolean => evse()?.pluggedConnector !== undefined;
const swipe = (): void => hardware.presentToken({ evse: 1, type: 'ISO14443', idToken: orders.token });

station.start();
await until('acceptance', () => station.facts().registration === 'accepted');
writeSync(1, 'accepted\n');
if (!plugged() && !orders.finishOnly) {
  hardware.plug(1, 1, { readyAfterS: 0 });
  await until('the cable', plugged);
  swipe();
  await until('energy', () => evse()?.flow === 'flowing');
  writeSync(1, 'flowing\n');
  await pause(orders.chargeMs);
}
for (let tries = 0; plugged(); tries += 1) {
  if (evse()?.contactor === 'closed' || evse()?.authorized) swipe();
  await pause(150);
  hardware.unplug(1, 1);
  await pause(150);
  if (tries > 40) throw new Error(`the cable cannot be pulled: ${JSON.stringify(station.facts())}`);
}
await until('delivery', () => station.facts().queuedEvents === 0 && evse()?.transaction === undefined);
writeSync(1, 'done\n');
await host.close();
process.exit(0);
