/** How a token has to stand at the CSMS under test. */
export interface TokenRecord {
  readonly status: string;
  readonly groupIdToken?: { readonly idToken: string; readonly type: string };
  readonly masterPass?: boolean;
}

/** What a person would do at a CSMS under test. Plain data: the drivers send it on, print it, or translate it. */
export type CsmsAct =
  | {
      readonly do: 'registerStation';
      readonly stationId: string;
      readonly password?: string;
      readonly serialNumber?: string;
      readonly securityProfile?: 1 | 2 | 3;
    }
  | { readonly do: 'removeStation'; readonly stationId: string }
  | { readonly do: 'setToken'; readonly type: string; readonly idToken: string; readonly token: TokenRecord }
  /** Makes the CSMS send this message; the answer is not waited for. */
  | { readonly do: 'call'; readonly stationId: string; readonly action: string; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly do: 'setPassword'; readonly stationId: string; readonly password: string }
  | {
      readonly do: 'nextBoot';
      readonly stationId: string;
      readonly boots: readonly {
        readonly status: 'Accepted' | 'Pending' | 'Rejected';
        readonly interval: number;
        readonly times: number;
      }[];
    }
  /** Lets the CSMS do by itself what the name says (`gapQuery`, `bootQuery`, …) for this station. */
  | { readonly do: 'automation'; readonly stationId: string; readonly name: string; readonly on: boolean }
  | { readonly do: 'renewCertificate'; readonly stationId: string }
  /** Certificates of stations that lead to this root are valid. */
  | { readonly do: 'trustStations'; readonly pem: string };

/** What a person would do at a station under test. */
export type StationAct =
  | {
      readonly do: 'createStation';
      readonly stationId: string;
      readonly url: string;
      readonly password: string;
      readonly securityProfile: 1 | 2 | 3;
      readonly roots: readonly string[];
      /** Its own certificate, leaf first, and key (security profile 3). */
      readonly certificate?: { readonly chain: string; readonly key: string };
      /** The operator it belongs to, as certificates name it (O). */
      readonly organization: string;
      readonly version: string;
      /** Settings of the device model before the first start, `Component.Variable` → value; a driver that cannot says so. */
      readonly variables: Readonly<Record<string, string>>;
      readonly layout: StationLayout;
    }
  | { readonly do: 'removeStation'; readonly stationId: string }
  /** A verb of the control API (docs/station-api.md) with its body. */
  | { readonly do: 'act'; readonly stationId: string; readonly verb: string; readonly body: Readonly<Record<string, unknown>> };

/** What hardware a case needs at least. */
export interface StationLayout {
  readonly evses: number;
  /** A cable that hangs at the station, or a socket that the driver's own cable locks into. */
  readonly cable: 'fixed' | 'socket';
  readonly parkingSensor?: boolean;
  readonly display?: boolean;
}

export type Act = CsmsAct | StationAct;

/** What a station by TLS is delivered with, below the sentence. */
const delivered = ({ roots, certificate }: Extract<StationAct, { do: 'createStation' }>): string =>
  [
    ...roots.map((pem) => `\nIt trusts this root:\n${pem}`),
    ...(certificate === undefined ? [] : [`\nIts certificate:\n${certificate.chain}\nIts key:\n${certificate.key}`]),
  ].join('');

const hardware = ({ evses, cable, parkingSensor, display }: StationLayout): string =>
  [
    `${evses} EVSE${evses === 1 ? '' : 's'} at least`,
    cable === 'socket' ? 'a socket' : 'a fixed cable',
    ...(parkingSensor === true ? ['a parking sensor'] : []),
    ...(display === true ? ['a display'] : []),
  ].join(', ');

/** What a person is asked to do, in words (manual driver, reports). */
export function sentence(act: Act): string {
  switch (act.do) {
    case 'registerStation':
      return `Register the station "${act.stationId}"${act.password === undefined ? '' : ` with the password "${act.password}"`}${act.serialNumber === undefined ? '' : `, serial number ${act.serialNumber}`}.`;
    case 'removeStation':
      return `The station "${act.stationId}" is not needed any more.`;
    case 'setToken':
      return `Set the token ${act.idToken} (${act.type}) to ${act.token.status}${act.token.groupIdToken ? `, group ${act.token.groupIdToken.idToken}` : ''}${act.token.masterPass === true ? ', as a master pass' : ''}.`;
    case 'call':
      return `Let the CSMS send ${act.action} to "${act.stationId}" with ${JSON.stringify(act.payload)}.`;
    case 'setPassword':
      return `Let the CSMS change the password of "${act.stationId}" to "${act.password}" (SetVariables, SecurityCtrlr.BasicAuthPassword).`;
    case 'nextBoot':
      return `The next boots of "${act.stationId}" are answered: ${act.boots.map(({ status, times, interval }) => `${times} × ${status} (interval ${interval} s)`).join(', ')}.`;
    case 'automation':
      return `Switch "${act.name}" ${act.on ? 'on' : 'off'} for "${act.stationId}".`;
    case 'renewCertificate':
      return `Let the CSMS renew the certificate of "${act.stationId}" (TriggerMessage SignChargingStationCertificate).`;
    case 'trustStations':
      return `Trust station certificates that lead to this root:\n${act.pem}`;
    case 'createStation':
      return `Provision the station "${act.stationId}": URL ${act.url}, password "${act.password}", security profile ${act.securityProfile}${Object.entries(
        act.variables,
      )
        .map(([name, value]) => `, ${name} = ${value}`)
        .join('')}, ${hardware(act.layout)}.${delivered(act)}`;
    case 'act':
      return `At the station "${act.stationId}": ${act.verb} ${JSON.stringify(act.body)}`;
  }
}
