import type { Ocpp } from '@busbar/protocol';
import { describe, expect, test } from 'vitest';
import { Templates, variablesOf } from './templates.ts';
import { type ScriptedStation, TestCsms } from './testing/test-csms.ts';
import { UseCases } from './use-cases.ts';

const set = (name: string, attributeValue: string): Ocpp.SetVariableDataType => ({
  component: { name: 'OCPPCommCtrlr' },
  variable: { name },
  attributeValue,
});
const told = (t: TestCsms, id: string, values: Readonly<Record<string, string>>) =>
  t.settle(
    t.csms.kernel.queue.commit([
      {
        k: 'variables',
        station: t.row(id),
        at: 1,
        rows: Object.entries(values).map(([variable, value]) => ({
          component: 'OCPPCommCtrlr',
          variable,
          attribute: 'Actual',
          value,
          mutability: variable === 'FileTransferProtocols' ? 'ReadOnly' : 'ReadWrite',
          characteristics: JSON.stringify({ dataType: 'integer', supportsMonitoring: false }),
        })),
      },
    ]),
  );
const asked = ({ heard }: ScriptedStation) =>
  heard.flatMap(({ action, request }) => (action === 'SetVariables' ? [JSON.parse(JSON.stringify(request)).setVariableData] : []));

async function started() {
  const t = await TestCsms.start();
  return { t, templates: new Templates(new UseCases(t.csms)) };
}
const over = (t: TestCsms, id: string) =>
  t.clock.until(
    'the job is over',
    () => t.csms.kernel.live.since(0)?.some(({ event }) => event.type === 'bulk' && event.bulkId === id && event.state === 'done') === true,
  );
const answerAll =
  (status: Ocpp.SetVariableStatusEnumType) =>
  ({ setVariableData }: Ocpp.SetVariablesRequest): Ocpp.SetVariablesResponse => ({
    setVariableResult: setVariableData.map(({ component, variable }) => ({ component, variable, attributeStatus: status })),
  });

describe('a template of configuration', () => {
  test('is taken from a station: what can be written, without what is the station itself', async () => {
    const { t, templates } = await started();
    await t.station('A');
    await told(t, 'A', { HeartbeatInterval: '300', FileTransferProtocols: 'HTTPS', NetworkConfigurationPriority: '1,2' });
    const template = await t.settle(templates.fromStation('A', 'North', 'me'));
    expect(variablesOf(template)).toEqual([set('HeartbeatInterval', '300')]);
  });

  test('says what differs and why: never told, refused last time, waits for a boot', async () => {
    const { t, templates } = await started();
    const station = await t.station('A');
    await told(t, 'A', { HeartbeatInterval: '300', OfflineThreshold: '300', WebSocketPingInterval: '60', ResetRetries: '01' });
    const wanted = [
      set('HeartbeatInterval', '600'),
      set('OfflineThreshold', '600'),
      set('WebSocketPingInterval', '30'),
      set('ResetRetries', '1'),
      set('QueueAllMessages', 'true'),
    ];
    const template = await t.settle(templates.create('North', wanted, 'me'));
    const useCases = new UseCases(t.csms);
    station.script = { SetVariables: answerAll('Rejected') };
    await t.settle(useCases.setVariables('A', [set('OfflineThreshold', '600')], 'me'));
    station.script = { SetVariables: answerAll('RebootRequired') };
    await t.settle(useCases.setVariables('A', [set('WebSocketPingInterval', '30')], 'me'));
    const states = async () =>
      (await t.settle(templates.drift(useCases.station('A'), template))).differing.map(({ index, state }) => [index, state]);
    expect(await states()).toEqual([
      [0, 'differs'],
      [1, 'refused'],
      [2, 'afterReboot'],
      [4, 'unknown'],
    ]);
    await t.clock.advance(1000);
    await station.call('BootNotification', { reason: 'RemoteReset', chargingStation: { vendorName: 'Nord', model: 'Test' } });
    expect(await states()).toContainEqual([2, 'differs']);
  });

  test('is written by a job: to each station only what differs there, and nothing to one that has it all', async () => {
    const { t, templates } = await started();
    const [a, b, c] = [await t.station('A'), await t.station('B'), await t.station('C')];
    for (const station of [a, b, c]) station.script = { SetVariables: answerAll('Accepted') };
    await told(t, 'A', { HeartbeatInterval: '300', ResetRetries: '1' });
    await told(t, 'B', { HeartbeatInterval: '600', ResetRetries: '3' });
    await told(t, 'C', { HeartbeatInterval: '600', ResetRetries: '1' });
    const template = await t.settle(templates.create('North', [set('HeartbeatInterval', '600'), set('ResetRetries', '1')], 'me'));
    const { bulk } = await t.settle(templates.fix(template.id, {}, 'me'));
    await over(t, bulk.id);
    expect(bulk.total).toBe(2);
    expect(asked(a)).toEqual([[set('HeartbeatInterval', '600')]]);
    expect(asked(b)).toEqual([[set('ResetRetries', '1')]]);
    expect(asked(c)).toEqual([]);
    await expect(t.settle(templates.fix(template.id, {}, 'me'))).rejects.toThrow('Nothing that could be written');
  });

  test('the same variable twice, or a password, is refused', async () => {
    const { templates } = await started();
    await expect(templates.create('x', [set('A', '1'), set('A', '2')], 'me')).rejects.toThrow('stands twice');
    await expect(templates.create('x', [set('BasicAuthPassword', 'x')], 'me')).rejects.toThrow('A password');
  });
});
