// A CSMS for the fsync proof: free ports, one registered station, and the choice of SQLite's synchronous mode.
import { readServeConfig } from '../../packages/cli/src/config-examine.ts';
import { onStop, startCsms } from '../../packages/cli/src/serve.ts';

const [data = './data', synchronous = 'FULL'] = process.argv.slice(2);
const running = await startCsms(readServeConfig({ data, ocppPort: '0', httpPort: '0', onboardingInventory: 'no', gapQuery: 'no' }, {}), {
  synchronous: synchronous === 'OFF' ? 'OFF' : 'FULL',
});
const { password } = await running.http.useCases.createStation({ id: 'PROOF' }, 'proof');
process.stdout.write(`${JSON.stringify({ ocppPort: running.ports.ocpp, password })}\n`);
onStop(() => running.close());
