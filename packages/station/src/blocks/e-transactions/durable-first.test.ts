import { expect, test } from 'vitest';
import { bench, CARD } from '../../testing/bench.ts';

test('P16 E01.FR.14 no event leaves before it is on the disk with its transaction, whatever else is answered meanwhile', async () => {
  const b = bench({ commitMs: 40 }); // a slow disk: StatusNotification and Authorize are answered long before
  await b.booted();
  b.hardware.plug(1, 1, { readyAfterS: 0 });
  b.hardware.presentToken({ ...CARD, evse: 1 });
  let seen = 0;
  for (let ms = 0; ms < 3_000; ms += 1) {
    if (ms % 5 === 0) b.station.dataTransfer('org.example').catch(() => undefined); // each answer asks for the next frame
    await b.clock.advance(1);
    for (const { transactionInfo } of b.events.slice(seen)) {
      const onDisk = [...b.disk.durable].some(
        ([key, value]) => key.startsWith('session/') && value.includes(transactionInfo.transactionId),
      );
      expect(onDisk).toBe(true);
    }
    seen = b.events.length;
  }
  expect(seen).toBeGreaterThanOrEqual(2);
});
