import { tidyMemory } from '@busbar/runtime/node';
import type { ServeConfig } from './config.ts';
import { onStop, startCsms } from './serve.ts';

/** `busbar serve`: runs until it is told to stop. */
export async function serveCommand(config: ServeConfig, json: boolean): Promise<void> {
  const running = await startCsms(config);
  tidyMemory();
  const { ports } = running;
  if (json)
    process.stdout.write(
      `${JSON.stringify({ ready: true, ocppPort: ports.ocpp, httpPort: ports.http, ...(ports.ocppTls === undefined ? {} : { ocppTlsPort: ports.ocppTls }), pid: process.pid })}\n`,
    );
  else {
    const page = `http://${config.host}:${ports.http}`;
    process.stdout.write(
      [
        `Busbar CSMS  Node ${process.versions.node}, data in ${config.data}`,
        `  Stations  ws://${config.host}:${ports.ocpp}/ocpp/STATION-ID   2.0.1 and 2.1, unknown ones: ${config.unknownStations}`,
        ...(ports.ocppTls === undefined
          ? []
          : [`            wss://${config.host}:${ports.ocppTls}/ocpp/STATION-ID  security profiles 2 and 3`]),
        `  Page      ${page}/?ticket=${running.http.access.ticket()}   once, read-only, 10 min`,
        ...(running.signIn === undefined
          ? []
          : [`  Sign in   user ${running.signIn.user}, password ${running.signIn.password}   printed once, change it in Settings`]),
        `  API       ${page}/api/v1   key in ${running.apiKeyPath} (mode 0600)`,
        ...(config.testMode ? ['  Test mode is on: overrides and raw calls are possible. Never in production.'] : []),
        '  Ctrl C stops, nothing is lost.',
        '',
      ].join('\n'),
    );
  }
  onStop(() => running.close());
}
