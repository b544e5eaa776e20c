import type { StationLayout } from './act.ts';
import type { TestAuthority } from './authority.ts';
import { passwordFrom } from './csms-test.ts';
import type { WebPage, WebRequest } from './outside.ts';
import { type StationWish, type SutStation as Sut, SutStation } from './sut-station.ts';
import { TestContext } from './test-context.ts';
import type { TestPage } from './test-page.ts';

/** The serial number of the simulated station, which its certificate names (A00.FR.511). */
export const SERIAL = 'SIM-0001';

/** A case that tests a station: the kit plays the CSMS. */
export class StationTest extends TestContext {
  readonly #stations: SutStation[] = [];
  readonly #pages: { close(): void }[] = [];
  #manufacturer: TestAuthority | undefined;
  #requestId = 700;

  /** A station that has just been switched on; nothing of it has arrived yet. */
  async poweredOn(wish: StationWish = {}): Promise<Sut> {
    const fixed = this.settings.station;
    const id = fixed?.id ?? `${this.caseId}-${this.outside.ids.uuid4().slice(0, 8)}`;
    const password = fixed?.password ?? passwordFrom(this.outside.random.bytes(16));
    const layout: StationLayout = { evses: 1, cable: 'socket', ...wish.layout };
    const station = new SutStation(this, id, password, layout);
    this.#stations.push(station);
    const securityProfile = wish.securityProfile ?? this.settings.securityProfile;
    const secure = securityProfile === 1 ? undefined : await station.secureWith(await this.authority('CSMS'));
    const own = securityProfile === 3 ? secure?.authority.issue({ subject: { commonName: SERIAL } }) : undefined;
    wish.prepare?.(station);
    await this.perform({
      do: 'createStation',
      stationId: id,
      url: secure === undefined ? station.door.ws : secure.door.wss,
      password,
      securityProfile,
      roots: secure === undefined || wish.withoutRoots === true ? [] : [secure.authority.root],
      ...(own === undefined ? {} : { certificate: { chain: own.pem, key: own.key.reveal() } }),
      organization: this.settings.organization,
      version: this.settings.version,
      variables: { ...this.settings.quick, ...wish.variables },
      layout,
    });
    return station;
  }

  /** An address of the kit's own file server, for this case alone. */
  page(name: string, page: WebPage): TestPage {
    const requests: WebRequest[] = [];
    const wakers = new Set<() => void>();
    const path = `/${this.caseId}-${this.outside.ids.uuid4().slice(0, 8)}/${name}`;
    const served = this.outside.page(path, page, (request) => {
      requests.push(request);
      this.trace.add({ kind: 'web', by: 'sut', request });
      for (const wake of Array.from(wakers)) wake();
    });
    this.#pages.push(served);
    return {
      url: served.url,
      secureUrl: served.secureUrl,
      requests,
      release: () => served.release(),
      request: async (step, n = 0, within = this.settings.stepMs) => {
        const { promise, resolve } = Promise.withResolvers<WebRequest>();
        const look = (): void => {
          const found = requests[n];
          if (found) resolve(found);
        };
        wakers.add(look);
        look();
        const found = await this.within(within, `a request at ${path}`, promise);
        wakers.delete(look);
        return found ?? this.stop(step, `the station asks for ${name} within ${within / 1000} s`, `${requests.length} requests`);
      },
    };
  }

  /** A manufacturer whose root the station has been given (M05). */
  async manufacturer(station: Sut): Promise<TestAuthority> {
    this.#manufacturer ??= await this.authority('manufacturer');
    await station.call(
      0,
      'InstallCertificate',
      { certificateType: 'ManufacturerRootCertificate', certificate: this.#manufacturer.root },
      { status: 'Accepted' },
      'M05.FR.01',
    );
    return this.#manufacturer;
  }

  nextRequestId(): number {
    this.#requestId += 1;
    return this.#requestId;
  }

  async tearDown(): Promise<void> {
    for (const page of this.#pages) page.close();
    for (const station of this.#stations) {
      station.close();
      await this.perform({ do: 'removeStation', stationId: station.id });
    }
  }
}
