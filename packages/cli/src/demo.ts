import type { RunningCsms } from './serve.ts';

/** The three stations of the demo: one of each kind, both versions. */
const DEMO = [
  ['DEMO-AC1', 'acSinglePhase'],
  ['DEMO-AC2', 'acThreePhase'],
  ['DEMO-DC3', 'dc150'],
] as const;
export const DEMO_STATIONS = DEMO.length;

/** Virtual stations like those one adds in the console, with people who come and go; they stay over restarts. */
export async function startDemo({ http }: RunningCsms): Promise<void> {
  const known = new Set(http.virtual.list().map(({ stationId }) => stationId));
  await http.virtual.cards('demo');
  for (const [stationId, kind] of DEMO) if (!known.has(stationId)) await http.virtual.start(stationId, kind, true, 'demo');
}
