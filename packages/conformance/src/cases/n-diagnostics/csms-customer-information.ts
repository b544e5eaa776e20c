import type { ResponseOf } from '@busbar/protocol';
import { csmsCase } from '../../case.ts';
import { absent, atLeast } from '../../field.ts';
import { booted } from '../../states/csms.ts';

/** What a station knows of a customer: reported, cleared (N09, N10). */

interface Asked {
  readonly report: boolean;
  readonly clear: boolean;
  readonly by?: 'idToken' | 'customerIdentifier';
  readonly status?: ResponseOf<'CustomerInformation'>['status'];
  /** What the station then sends; nothing when left out. */
  readonly data?: string;
}
const IDENTIFIER = 'OpenChargeAlliance';

const asks = (id: string, title: string, { report, clear, by = 'idToken', status = 'Accepted', data }: Asked) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    const idToken = t.token('valid');
    const who = by === 'idToken' ? { idToken } : { customerIdentifier: IDENTIFIER };
    const call = await t.command(station, 1, {
      action: 'CustomerInformation',
      payload: { report, clear, ...who },
      expect: {
        report,
        ...(clear ? { clear } : {}),
        requestId: atLeast(0),
        ...(by === 'idToken'
          ? { 'idToken.idToken': idToken.idToken, 'idToken.type': idToken.type }
          : { customerIdentifier: IDENTIFIER, idToken: absent, customerCertificate: absent }),
      },
      requirements: [clear ? 'N10.FR.08' : 'N09.FR.01'],
      answer: { status },
    });
    if (data === undefined) await station.send(3, 'Heartbeat', {});
    else
      await station.send(3, 'NotifyCustomerInformation', {
        data,
        seqNo: 0,
        tbc: false,
        generatedAt: t.timestamp(),
        requestId: call.payload.requestId,
      });
  });

const DATA = '{"cached":true}';

export const csmsCustomerInformation = [
  asks('TC_N_27_CSMS', 'What is known of a customer is told', { report: true, clear: false, data: DATA }),
  asks('TC_N_28_CSMS', 'Nothing is known of a customer', { report: true, clear: false, data: 'no data' }),
  asks('TC_N_29_CSMS', 'The station will not tell', { report: true, clear: false, status: 'Rejected' }),
  asks('TC_N_30_CSMS', 'What is known is told and cleared', { report: true, clear: true, data: DATA }),
  asks('TC_N_31_CSMS', 'Nothing is known, and so cleared', { report: true, clear: true, data: 'no data' }),
  asks('TC_N_32_CSMS', 'What is known is cleared without a word of it', { report: false, clear: true, data: 'cleared' }),
  asks('TC_N_62_CSMS', 'A customer known by an identifier is told and cleared', {
    report: true,
    clear: true,
    by: 'customerIdentifier',
    data: DATA,
  }),
];
