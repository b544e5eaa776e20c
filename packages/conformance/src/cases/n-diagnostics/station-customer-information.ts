import type { RequestOf } from '@busbar/protocol';
import { stationCase } from '../../case.ts';
import { absentOr } from '../../field.ts';
import type { IdToken } from '../../settings.ts';
import { booted, cached, tokenFields } from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** What a station knows of a customer: reported, cleared (N09, N10). */

const CACHE = { 'AuthCacheCtrlr.Enabled': 'true', 'AuthCtrlr.LocalPreAuthorize': 'true' } as const;
type Who = Pick<RequestOf<'CustomerInformation'>, 'idToken' | 'customerIdentifier'>;

/** Asks and gathers every part; the parts count from 0 and the last one says so. */
async function asks(
  t: StationTest,
  station: SutStation,
  step: number,
  who: Who,
  what: { readonly report: boolean; readonly clear: boolean },
  requirement: string,
): Promise<{ text: string; entry: number }> {
  const requestId = t.nextRequestId();
  await station.call(step, 'CustomerInformation', { requestId, ...what, ...who }, { status: 'Accepted' }, requirement);
  let text = '';
  for (let seqNo = 0; ; seqNo += 1) {
    const part = await station.take(
      step + 2,
      'NotifyCustomerInformation',
      { requestId, seqNo },
      { where: { requestId }, requirements: ['N09.FR.05'] },
    );
    text += part.payload.data;
    if (part.payload.tbc !== true) return { text, entry: part.entry };
    if (seqNo > 100) return t.stop(step + 2, 'the report ends', 'a hundred parts', ['N09.FR.05']);
  }
}

const byToken = ({ idToken, type }: IdToken): Who => ({ idToken: { idToken, type } });

/** The data names the customer; a report without any does not. */
function mentions(
  t: StationTest,
  step: number,
  { text, entry }: { readonly text: string; readonly entry: number },
  token: IdToken,
  known: boolean,
  requirement: string,
): void {
  t.that(
    step,
    known ? 'the report speaks of the customer' : 'the report has nothing on the customer',
    text.includes(token.idToken) === known && (!known || text !== ''),
    text,
    [requirement],
    { entry, path: 'data', ...(known ? {} : { wrong: `idToken ${token.idToken}` }) },
  );
}

export const stationCustomerInformation = [
  stationCase('TC_N_27_CS', 'What is known of a customer is told', async (t) => {
    const station = await booted(t, { variables: CACHE });
    await cached(t, station, 'valid');
    const token = t.token('valid');
    mentions(t, 3, await asks(t, station, 1, byToken(token), { report: true, clear: false }, 'N09.FR.02'), token, true, 'N09.FR.05');
  }),
  stationCase('TC_N_28_CS', 'Nothing is known of a customer', async (t) => {
    const station = await booted(t, { variables: CACHE });
    const token = t.token('valid');
    const report = await asks(t, station, 1, byToken(token), { report: true, clear: false }, 'N09.FR.02');
    mentions(t, 3, report, token, false, 'N09.FR.06');
    station.came(
      3,
      1,
      'NotifyCustomerInformation',
      { tbc: absentOr(false) },
      'the report says that there is nothing, in one part',
      'N09.FR.06',
    );
  }),
  stationCase('TC_N_30_CS', 'What is known is told and cleared', async (t) => {
    const station = await booted(t, { variables: CACHE });
    await cached(t, station, 'valid');
    const token = t.token('valid');
    mentions(t, 3, await asks(t, station, 1, byToken(token), { report: true, clear: true }, 'N10.FR.01'), token, true, 'N10.FR.03');
    mentions(t, 7, await asks(t, station, 5, byToken(token), { report: true, clear: false }, 'N09.FR.02'), token, false, 'N10.FR.03');
  }),
  stationCase('TC_N_31_CS', 'Nothing is known, and so cleared', async (t) => {
    const station = await booted(t, { variables: CACHE });
    const token = t.token('valid');
    mentions(t, 3, await asks(t, station, 1, byToken(token), { report: true, clear: true }, 'N10.FR.01'), token, false, 'N10.FR.04');
  }),
  stationCase('TC_N_32_CS', 'What is known is cleared without a report', async (t) => {
    const station = await booted(t, { variables: CACHE });
    await cached(t, station, 'valid');
    const token = t.token('valid');
    mentions(t, 3, await asks(t, station, 1, byToken(token), { report: false, clear: true }, 'N10.FR.01'), token, false, 'N10.FR.06');
    mentions(t, 7, await asks(t, station, 5, byToken(token), { report: true, clear: false }, 'N09.FR.02'), token, false, 'N10.FR.06');
  }),
  stationCase(
    'TC_N_62_CS',
    'A customer known by an identifier is told and cleared',
    async (t) => {
      const station = await booted(t, {
        variables: { ...CACHE, 'TxCtrlr.TxStartPoint': 'Authorized', 'TxCtrlr.TxStopPoint': 'Authorized' },
      });
      const customerIdentifier = 'OpenChargeAlliance';
      const token = t.token('valid');
      station.deems({ status: 'Accepted', groupIdToken: { idToken: customerIdentifier, type: 'Central' } });
      await station.does('presentToken', { ...token, evse: t.settings.evseId });
      await station.take(0, 'Authorize', tokenFields(token), { requirements: ['C10.FR.01'] });
      await station.take(
        0,
        'TransactionEvent',
        {},
        { where: { eventType: 'Ended' }, within: (t.settings.evConnectionTimeOutS + 10) * 1000 },
      );
      const first = await asks(t, station, 1, { customerIdentifier }, { report: true, clear: true }, 'N10.FR.01');
      mentions(t, 3, first, token, true, 'N10.FR.03');
      mentions(
        t,
        7,
        await asks(t, station, 5, { customerIdentifier }, { report: true, clear: false }, 'N10.FR.03'),
        token,
        false,
        'N10.FR.03',
      );
    },
    { note: 'the identifier is stored as the group of a token: a station has no other door for it' },
  ),
];
