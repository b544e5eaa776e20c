import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { passwordFrom } from '../../csms-test.ts';
import { oneOf, rule } from '../../field.ts';
import { booted, bootedAgain } from '../../states/csms.ts';
import type { ToolStation } from '../../tool-station.ts';

/** Basic authentication and the change of its password (A00, A01). */

const wrongCredentials = (id: string, title: string, wrong: (t: CsmsTest, station: ToolStation) => { user?: string; password?: string }) =>
  csmsCase(id, title, async (t) => {
    const station = await t.station();
    const refused = await station.refused(2, wrong(t, station), 'the CSMS refuses the upgrade', 'A00.FR.204');
    if (!refused.open)
      t.that(
        2,
        'the refusal is an HTTP status, 401 or 403 or 404',
        refused.status === 401 || refused.status === 403 || refused.status === 404,
        refused.reason,
        ['A00.FR.204'],
        { entry: refused.entry, path: 'status' },
      );
    // The refusal must be about these credentials, not about this station.
    await station.connect(2, {}, 'A00.FR.204');
  });

const newPassword =
  (accepted: boolean) =>
  async (t: CsmsTest): Promise<void> => {
    const station = await booted(t);
    const fresh = passwordFrom(t.outside.random.bytes(16));
    const arriving = station.awaits(1, 'SetVariables', {
      where: { 'setVariableData.0.variable.name': 'BasicAuthPassword' },
      expect: {
        'setVariableData.0.component.name': 'SecurityCtrlr',
        'setVariableData.0.attributeValue': rule(
          'a password of 16 to 64 characters',
          (value) => typeof value === 'string' && value.length >= 16 && value.length <= 64,
        ),
        'setVariableData.0.attributeType': oneOf('Actual', undefined),
      },
      requirements: ['A01.FR.02'],
      answer: (call) => ({
        setVariableResult: call.payload.setVariableData.map(({ component, variable }) => ({
          component,
          variable,
          attributeStatus: accepted ? ('Accepted' as const) : ('Rejected' as const),
        })),
      }),
    });
    const [call] = await Promise.all([arriving, t.perform({ do: 'setPassword', stationId: station.id, password: fresh })]);
    const told = call.payload.setVariableData[0]?.attributeValue ?? '';
    station.disconnect();
    await station.connect(4, { password: accepted ? told : station.identity.password }, accepted ? 'A01.FR.03' : 'A01.FR.04');
    await bootedAgain(t, station, 5);
    station.disconnect();
    if (accepted)
      await station.refused(
        4,
        { password: station.identity.password },
        'the old password is refused once the new one was used',
        'A01.FR.03',
      );
    else await station.refused(4, { password: told }, 'the password that the station did not take is refused', 'A01.FR.05');
  };

export const csmsBasic = [
  csmsCase('TC_A_01_CSMS', 'A station with the right password may connect and boot', async (t) => {
    const station = await t.station();
    await station.connect(2, {}, 'A00.FR.204');
    await bootedAgain(t, station, 3);
  }),
  wrongCredentials('TC_A_02_CSMS', 'A user name that is not the id of the station is refused', (_, station) => ({
    user: `${station.id}Invalid`,
  })),
  wrongCredentials('TC_A_03_CSMS', 'A wrong password is refused', (t) => ({ password: passwordFrom(t.outside.random.bytes(16)) })),
  csmsCase('TC_A_09_CSMS', 'A new password that the station took is the one that counts', newPassword(true)),
  csmsCase('TC_A_10_CSMS', 'A new password that the station refused leaves the old one in place', newPassword(false)),
];
