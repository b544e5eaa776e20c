import { vi } from 'vitest';
import { accessible, CARD, type ConsoleLab, fits, type Look } from './console-lab.ts';

/** Every page of the console with what its first heading says; `session` is a running one of PAGE-1. */
export const consolePages = (session: string): readonly (readonly [path: string, heading: string])[] => [
  ['/', 'Overview'],
  ['/fleet', 'Fleet'],
  ['/fleet/add', 'Add a station'],
  ['/fleet/add/LATER-1', 'LATER-1'],
  ['/map', 'Map'],
  ['/stations/PAGE-1', 'PAGE-1'],
  ['/stations/PAGE-1/sessions', 'PAGE-1'],
  ['/sessions', 'Sessions'],
  [`/sessions/PAGE-1/${session}`, 'Session'],
  ['/messages', 'Messages'],
  ['/stations/PAGE-1/messages', 'PAGE-1'],
  ['/send', 'Send'],
  ['/send?stationId=PAGE-1&action=SetChargingProfile', 'Send'],
  ['/stations/PAGE-1/configuration', 'PAGE-1'],
  ['/stations/PAGE-1/admin', 'PAGE-1'],
  ['/configuration', 'Configuration'],
  ['/tokens', 'Tokens'],
  ['/certificates', 'Certificates'],
  ['/users', 'Users'],
  ['/audit', 'Audit'],
  ['/webhooks', 'Webhooks'],
  ['/settings', 'Settings'],
  ['/virtual', 'Virtual stations'],
  ['/api/docs', 'API'],
  ['/api/docs?operation=putToken', 'API'],
  ['/api/docs?operation=listStations', 'API'],
  ['/nothing/here', 'nothing at this address'],
];

/** A station that charges, one that is awaited, a site on the map. Returns the id of the running transaction. */
export async function furnish(lab: ConsoleLab): Promise<string> {
  const { station, hardware } = await lab.station('PAGE-1');
  hardware.plug(1, 1, { readyAfterS: 0 });
  hardware.presentToken({ evse: 1, ...CARD });
  await lab.csms.http.useCases.createStation({ id: 'LATER-1' }, 'test');
  await lab.place(1, 53.54, 9.99);
  await vi.waitUntil(() => station.facts().evses[0]?.flow === 'flowing', 20_000);
  const { read } = lab.csms.csms.kernel;
  await vi.waitUntil(async () => (await read.transactions({ state: 'active', limit: 1 })).length === 1, 10_000);
  return (await read.transactions({ state: 'active', limit: 1 }))[0]?.txid ?? '';
}

/** axe finds nothing and nothing sticks out. */
export async function inOrder(lab: ConsoleLab, path: string, heading: string, looks: readonly Required<Look>[]): Promise<void> {
  for (const look of looks)
    await lab.look(path, look, async (page) => {
      await page.getByRole('heading', { level: 1 }).filter({ hasText: heading }).waitFor();
      await page.getByText(/^Live/).first().waitFor();
      await accessible(page);
      await fits(page, look.width);
    });
}
