import type { StationLayout } from './act.ts';
import { passwordFrom } from './csms-test.ts';
import { type StationWish, type SutStation as Sut, SutStation } from './sut-station.ts';
import { TestContext } from './test-context.ts';

/** A case that tests a station: the kit plays the CSMS. */
export class StationTest extends TestContext {
  readonly #stations: SutStation[] = [];

  /** A station that has just been switched on; nothing of it has arrived yet. */
  async poweredOn(wish: StationWish = {}): Promise<Sut> {
    const fixed = this.settings.station;
    const id = fixed?.id ?? `${this.caseId}-${this.outside.ids.uuid4().slice(0, 8)}`;
    const password = fixed?.password ?? passwordFrom(this.outside.random.bytes(16));
    const layout: StationLayout = { evses: 1, cable: 'socket', ...wish.layout };
    const station = new SutStation(this, id, password, layout);
    this.#stations.push(station);
    const securityProfile = wish.securityProfile ?? this.settings.securityProfile;
    await this.perform({
      do: 'createStation',
      stationId: id,
      url: securityProfile === 1 ? station.door.ws : station.door.wss,
      password,
      securityProfile,
      roots: [],
      version: this.settings.version,
      variables: { ...this.settings.quick, ...wish.variables },
      layout,
    });
    return station;
  }

  async tearDown(): Promise<void> {
    for (const station of this.#stations) {
      station.close();
      await this.perform({ do: 'removeStation', stationId: station.id });
    }
  }
}
