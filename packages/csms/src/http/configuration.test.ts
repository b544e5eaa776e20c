import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STORES, useStores } from '../store/testing/engines.ts';
import { HttpCsms } from './testing/http-csms.ts';

useStores();

describe.each(STORES)('%s', { timeout: 60_000 }, (_name, make) => {
  let csms: HttpCsms;
  beforeAll(async () => {
    csms = await HttpCsms.start({ store: await make()() });
    await csms.api('POST', '/stations', { id: 'CS-1' });
    await csms.api('POST', '/stations', { id: 'CS-2' });
  }, 60_000);
  afterAll(() => csms.close());

  describe('templates', () => {
    const variables = [{ component: { name: 'TxCtrlr' }, variable: { name: 'EVConnectionTimeOut' }, attributeValue: '60' }];

    test('are made, changed, read and forgotten, each with an entry in the audit', async () => {
      const made = await csms.api('POST', '/templates', { name: 'North', variables });
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({ name: 'North', size: 1, by: 'key:first', variables });
      const at = `/templates/${made.body.templateId}`;
      expect((await csms.api('PUT', at, { name: 'North 2', variables })).body).toMatchObject({ name: 'North 2', size: 1 });
      expect((await csms.api('GET', '/templates')).body).toMatchObject([{ name: 'North 2' }]);
      expect((await csms.api('DELETE', at)).status).toBe(204);
      expect((await csms.api('GET', at)).status).toBe(404);
      const entries = (await csms.api('GET', '/audit?limit=10')).body;
      expect(entries.map(({ action }: { action: string }) => action)).toEqual(
        expect.arrayContaining(['createTemplate', 'putTemplate', 'deleteTemplate']),
      );
    });

    test('drift comes station by station, in pages', async () => {
      const { body } = await csms.api('POST', '/templates', { name: 'South', variables });
      const drift = await csms.all(`/templates/${body.templateId}/drift?limit=1`);
      expect(drift).toMatchObject([
        { stationId: 'CS-1', same: 0, readAt: null, variables: [{ index: 0, value: null, state: 'unknown' }] },
        { stationId: 'CS-2', same: 0 },
      ]);
      const nothing = await csms.api('POST', `/templates/${body.templateId}/fix`, {});
      expect(nothing.body.detail).toContain('Nothing that could be written');
    });
  });

  describe('tokens from a file', () => {
    const csv = (text: string, dryRun: boolean) =>
      csms.api('POST', `/tokens/import?dryRun=${dryRun}`, text, { 'content-type': 'text/csv' });
    const file = [
      'type,idToken,status,group,evseId,validUntil',
      'ISO14443,04A1,Accepted,FLEET,1 2,2027-01-01T00:00:00Z',
      'ISO14443,04a1,Blocked,,,',
      'ISO14443,04A2,Allowed,,,',
      'Central,,Accepted,,,',
    ].join('\r\n');

    test('a trial writes nothing and says what each line would do', async () => {
      const { status, body } = await csv(file, true);
      expect(status).toBe(200);
      expect(body).toMatchObject({ dryRun: true, counts: { new: 1, changed: 0, same: 0, wrong: 3 } });
      expect(body.lines.map(({ line, outcome }: { line: number; outcome: string }) => [line, outcome])).toEqual([
        [2, 'new'],
        [3, 'wrong'],
        [4, 'wrong'],
        [5, 'wrong'],
      ]);
      expect(body.lines[1].reason).toContain('line 2');
      expect(body.lines[2].reason).toContain('status');
      expect((await csms.api('GET', '/tokens')).body).toEqual([]);
    });

    test('then it does so; the same file again changes nothing, and the export is such a file', async () => {
      await csv(file, false);
      expect((await csms.api('GET', '/tokens/ISO14443/04A1')).body).toMatchObject({
        status: 'Accepted',
        groupIdToken: { idToken: 'FLEET', type: 'Central' },
        evseId: [1, 2],
        validUntil: '2027-01-01T00:00:00.000Z',
      });
      const exported = (await csms.api('GET', '/tokens?format=csv')).text;
      expect((await csv(exported, false)).body.counts).toEqual({ new: 0, changed: 0, same: 1, wrong: 0 });
      const [entry] = (await csms.api('GET', '/audit?action=importTokens&limit=1')).body;
      expect(entry).toMatchObject({ target: '0 tokens', result: '0 new, 0 changed, 0 wrong' });
    });

    test('a column that is not there stays as it is; JSON does the same', async () => {
      expect((await csv('type,idToken,status\nISO14443,04A1,Blocked', false)).body.lines).toMatchObject([
        { outcome: 'changed', reason: 'status' },
      ]);
      const one = await csms.api('POST', '/tokens/import', [{ type: 'ISO14443', idToken: '04A1', evseId: null, colour: 'red' }]);
      expect(one.body.lines[0]).toMatchObject({ outcome: 'wrong', reason: 'colour is no field of a token' });
      await csms.api('POST', '/tokens/import', [{ type: 'ISO14443', idToken: '04A1', evseId: null }]);
      const { body } = await csms.api('GET', '/tokens/ISO14443/04A1');
      expect(body).toMatchObject({ status: 'Blocked', groupIdToken: { idToken: 'FLEET' } });
      expect(body.evseId).toBeUndefined();
    });

    test('a file without the columns that are needed is refused as a whole', async () => {
      expect((await csv('type,status\nISO14443,Accepted', true)).body.detail).toContain('idToken are needed');
      expect((await csv('type,idToken,colour\nISO14443,1,red', true)).body.detail).toContain('"colour" is no column');
    });
  });

  test('null in a body is nothing: not 0, not the site 0, not an empty text', async () => {
    const { body: site } = await csms.api('POST', '/sites', { name: 'Map', zone: 'UTC', currency: 'EUR', latitude: 0, longitude: 1 });
    expect(site).toMatchObject({ latitude: 0, longitude: 1 });
    const patched = await csms.api('PATCH', `/sites/${site.id}`, { latitude: null, longitude: null });
    expect(patched.body).toMatchObject({ latitude: null, longitude: null });
    await csms.api('PATCH', '/stations/CS-2', { serialNumber: 'X1' });
    expect((await csms.api('PATCH', '/stations/CS-2', { serialNumber: null })).body.serialNumber).toBeNull();
    const { body: key } = await csms.api('POST', '/keys', { name: 'all', role: 'viewer', sites: null });
    expect(key.sites).toBeNull();
  });

  test('GET /certificates: those that end first first, the newest of each use when that is wanted', async () => {
    const put = (station: number, serial: string, notAfter: number, state: 'installed' | 'revoked' = 'installed') =>
      ({
        k: 'certificatePut',
        certificate: {
          station,
          use: 'ChargingStationCertificate',
          serial,
          issuer: 'i',
          subject: 'CN',
          notBefore: 0,
          notAfter,
          chain: 'pem',
          state,
          issuedAt: 0,
        },
      }) as const;
    const [one, two] = [csms.row('CS-1'), csms.row('CS-2')];
    await csms.csms.kernel.queue.commit([put(one, 'a', 3000), put(two, 'b', 1000), put(one, 'c', 2000), put(two, 'd', 500, 'revoked')]);
    const serials = async (query: string) => (await csms.all(`/certificates${query}`)).map(({ serialNumber }) => serialNumber);
    expect(await serials('?limit=1')).toEqual(['d', 'b', 'c', 'a']);
    expect(await serials('?latest=true')).toEqual(['b', 'c']);
    expect(await serials('?state=installed&before=1970-01-01T00:00:02.500Z')).toEqual(['b', 'c']);
    expect(await serials('?stationId=CS-1')).toEqual(['c', 'a']);
  });
});
