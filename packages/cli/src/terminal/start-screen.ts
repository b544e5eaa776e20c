/** What `npm start` says before the first event. */
export interface StartFacts {
  readonly version: string;
  readonly node: string;
  readonly sqlite: string;
  readonly dataFolder: string;
  readonly newData: boolean;
  readonly installedMs?: number;
  readonly generatedMs?: number;
  readonly listeningMs: number;
  readonly consoleUrl: string;
  /** Made at the first start only. */
  readonly signIn?: { readonly user: string; readonly password: string };
  readonly stationUrl: string;
  readonly unknownStations: 'refused' | 'held for approval' | 'accepted';
  readonly docsUrl: string;
  readonly keyFile: string;
  readonly demoStations: number;
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five'];

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const row = (label: string, text: string): string => `  ${label.padEnd(9)} ${text}`;

export function startScreen(facts: StartFacts): string {
  const took = [
    ...(facts.installedMs === undefined ? [] : [`installed in ${seconds(facts.installedMs)}`]),
    ...(facts.generatedMs === undefined ? [] : [`generated in ${seconds(facts.generatedMs)}`]),
    `listening after ${seconds(facts.listeningMs)}`,
  ];
  const demo = facts.demoStations;
  return [
    `Busbar ${facts.version}  Node ${facts.node}, SQLite ${facts.sqlite}, data in ${facts.dataFolder}${facts.newData ? ' (new)' : ''}`,
    `  ${took.join(', ')}`,
    '',
    row('Console', `${facts.consoleUrl}   once, read-only, 10 min`),
    ...(facts.signIn
      ? [row('Sign in', `user ${facts.signIn.user}, password ${facts.signIn.password}   printed once, change it in Settings`)]
      : []),
    row('Stations', `${facts.stationUrl}/STATION-ID   2.0.1 and 2.1, unknown ones are ${facts.unknownStations}`),
    row('API', `${facts.docsUrl}   key in ${facts.keyFile} (mode 0600)`),
    '',
    '  Open to this machine only. To let real stations in: npx busbar serve --host 0.0.0.0',
    `  Ctrl C stops, nothing is lost. Data stays in ${facts.dataFolder}; remove that folder to begin anew.`,
    '',
    ...(demo === 0
      ? []
      : [
          `${NUMBERS[demo] ?? demo} demo station${demo === 1 ? ' starts' : 's start'} now. They really speak OCPP over TCP; one minute is one minute.`,
          '',
        ]),
  ].join('\n');
}
