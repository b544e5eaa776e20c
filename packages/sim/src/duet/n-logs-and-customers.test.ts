import { FileUseCases } from '@busbar/csms';
import { describe, expect, test } from 'vitest';
import { CARD, Duet, OTHER_CARD } from '../duet.ts';

const VERSIONS = ['ocpp2.0.1', 'ocpp2.1'] as const;
const ACTOR = { actor: 'test' };

const files = (duet: Duet): FileUseCases => new FileUseCases(duet.useCases);
async function getLog(duet: Duet, wish: Partial<Parameters<FileUseCases['getLog']>[1]> = {}) {
  const view = await duet.settle(files(duet).getLog('CS-1', { logType: 'DiagnosticsLog', ...wish }, ACTOR));
  await duet.clock.advance(10_000);
  return view;
}
const log = (duet: Duet, requestId: number) => files(duet).log('CS-1', requestId);
async function content(duet: Duet, requestId: number): Promise<string> {
  let text = '';
  for await (const part of (await files(duet).logContent('CS-1', requestId)).content) text += Buffer.from(part).toString();
  return text;
}

describe.each(VERSIONS)('%s', (version) => {
  test.each(['DiagnosticsLog', 'SecurityLog'] as const)(
    'TC_N_25_CSMS TC_N_35_CSMS N01.FR.01 N01.FR.07 N01.FR.09 N01.FR.17 the %s comes to us at an address made for it, with every step kept',
    async (logType) => {
      const duet = await Duet.start({ version });
      await duet.charge();
      const view = await getLog(duet, { logType });
      expect(view).toMatchObject({ state: 'answered', response: { status: 'Accepted' } });
      const record = await log(duet, view.requestId);
      expect(record).toMatchObject({ type: logType, answer: 'Accepted', reason: null });
      expect(record.statuses.map(({ status }) => status)).toEqual(['Uploading', 'Uploaded']);
      const text = await content(duet, view.requestId);
      expect(text).toContain(`${logType} of CS-1`);
      expect(text).toContain(logType === 'SecurityLog' ? 'StartupOfTheDevice' : 'EVSE 1');
      expect(record.bytes).toBe(Buffer.byteLength(text));
      // N01.FR.17: no login of the OCPP link is part of the address.
      const [asked] = duet.files.requests;
      expect(asked?.url).toMatch(/^http:\/\/files\/files\/[\w-]{43}$/);
      expect(asked?.headers).not.toHaveProperty('authorization');
      expect(duet.errors).toEqual([]);
    },
  );

  test('TC_N_34_CSMS N01.FR.05 a log that is not there: Rejected, kept so, and nothing arrives', async () => {
    const duet = await Duet.start({ version });
    duet.hardware.logs(false);
    const view = await getLog(duet);
    expect(await log(duet, view.requestId)).toMatchObject({ answer: 'Rejected', filename: null, statuses: [], file: null });
    await expect(files(duet).logContent('CS-1', view.requestId)).rejects.toThrow('No log has arrived');
  });

  test('TC_N_36_CSMS N01.FR.12 N01.FR.20 the second request cancels the first; each keeps its own steps', async () => {
    const duet = await Duet.start({ version });
    duet.files.down = true;
    const first = await getLog(duet);
    const second = await getLog(duet);
    expect(second.response).toMatchObject({ status: 'AcceptedCanceled' });
    duet.files.down = false;
    await duet.clock.advance(200_000);
    expect((await log(duet, first.requestId)).statuses.map(({ status }) => status)).toEqual(['Uploading', 'AcceptedCanceled']);
    expect((await log(duet, second.requestId)).statuses.map(({ status }) => status)).toEqual(['Uploading', 'Uploaded']);
    expect((await log(duet, first.requestId)).file).toBeNull();
  });

  test('N01.FR.10 a log above the limit is refused with its reason and disturbs nothing', async () => {
    const duet = await Duet.start({ version, config: { logFileBytes: 60 } });
    await duet.charge();
    const view = await getLog(duet, { retries: 0 });
    const record = await log(duet, view.requestId);
    expect(record.statuses.map(({ status }) => status)).toEqual(['Uploading', 'UploadFailure']);
    expect(record).toMatchObject({ file: null, bytes: null, reason: expect.stringContaining('larger than 60 bytes') });
    expect(duet.fileStore.files.size).toBe(0);
    await duet.stop();
    await duet.delivered();
    expect((await duet.newest()).bill.bill).toBe('final');
    expect(duet.errors).toEqual([]);
  });

  test('N01.FR.02 a line that breaks in the middle: the rest is brought afterwards, and the log is whole', async () => {
    const duet = await Duet.start({ version });
    for (let n = 0; n < 30; n += 1) await duet.present();
    duet.files.chunkBytes = 500;
    duet.files.breakAfter = 1_300;
    const view = await getLog(duet, { retries: 2, retryInterval: 30 });
    await duet.clock.advance(120_000);
    expect(duet.files.requests.map(({ method }) => method)).toEqual(['PUT', 'HEAD', 'PUT']);
    expect(duet.files.requests.at(-1)?.headers['content-range']).toMatch(/^bytes (1000|1300)-/);
    expect((await content(duet, view.requestId)).match(/token \.\.\.0001 presented/g)).toHaveLength(30);
  });

  test('a CSMS that loses its power in the middle still takes the log at the same address', async () => {
    const duet = await Duet.start({ version });
    duet.files.down = true;
    const view = await getLog(duet, { retries: 3, retryInterval: 60 });
    duet.cutCsms();
    await duet.startCsms();
    duet.files.down = false;
    await duet.clock.advance(400_000);
    expect((await log(duet, view.requestId)).statuses.at(-1)?.status).toBe('Uploaded');
    expect(await content(duet, view.requestId)).toContain('DiagnosticsLog of CS-1');
  });

  test('a log may go elsewhere, and a station that is away is not asked', async () => {
    const duet = await Duet.start({ version });
    const elsewhere: string[] = [];
    duet.files.listen('http://elsewhere', async ({ method, path }) => {
      elsewhere.push(`${method} ${path}`);
      return { status: 200 };
    });
    const view = await getLog(duet, { remoteLocation: 'http://elsewhere/here' });
    expect(elsewhere).toEqual(['PUT /here']);
    expect((await log(duet, view.requestId)).statuses.at(-1)?.status).toBe('Uploaded');
    await duet.offline();
    expect(await getLog(duet)).toMatchObject({ state: 'notSent', reason: 'not-connected' });
  });

  test('TC_N_27_CSMS TC_N_62_CSMS N09.FR.01 N09.FR.02 N09.FR.05 what the station tells of a customer is kept under its request, parts together', async () => {
    const duet = await Duet.start({ version });
    for (let n = 0; n < 20; n += 1) await duet.present();
    const ask = files(duet).customerInformation('CS-1', { report: true, clear: false, idToken: CARD }, ACTOR);
    const view = await duet.settle(ask);
    await duet.clock.advance(20_000);
    const report = await files(duet).customerReport('CS-1', view.requestId);
    expect(report).toMatchObject({ complete: true });
    expect(report.parts).toBeGreaterThan(1);
    expect(report.data).toContain('authorization cache: ISO14443 DUET0001 Accepted');
    expect(report.data.split('\n').filter((line) => line.includes('...0001 presented'))).toHaveLength(20);
  });

  test('TC_N_30_CSMS TC_N_31_CSMS TC_N_32_CSMS TC_N_28_CSMS N10.FR.01 N10.FR.03 N10.FR.04 N10.FR.06 clear takes it out of the station; a second question finds nothing', async () => {
    const duet = await Duet.start({ version });
    await duet.present();
    await duet.clock.advance(120_000);
    const ask = async (clear: boolean, report: boolean): Promise<string> => {
      const view = await duet.settle(files(duet).customerInformation('CS-1', { report, clear, idToken: CARD }, ACTOR));
      await duet.clock.advance(10_000);
      return (await files(duet).customerReport('CS-1', view.requestId)).data;
    };
    expect(await ask(true, false)).toMatch(/^Customer data cleared/);
    expect(await ask(true, true)).toBe('No data found.');
    await duet.present(OTHER_CARD);
    expect(await ask(false, true)).toBe('No data found.');
    expect(JSON.stringify([...duet.disk.durable])).not.toContain('DUET0001');
  });

  test('TC_N_29_CSMS N09.FR.04 N10.FR.08 the CSMS names a customer in exactly one way, or refuses to ask', async () => {
    const duet = await Duet.start({ version });
    const wish = { report: true, clear: false } as const;
    const asked = (more: object) => duet.settle(files(duet).customerInformation('CS-1', { ...wish, ...more }, ACTOR));
    await expect(asked({})).rejects.toThrow(/N09.FR.04/);
    await expect(asked({ idToken: CARD, customerIdentifier: 'x' })).rejects.toThrow(/N10.FR.08/);
    await expect(duet.call('CustomerInformation', { ...wish })).rejects.toThrow(/N09.FR.04/);
    expect(await asked({ report: false, idToken: CARD })).toMatchObject({ response: { status: 'Rejected' } });
  });
});
