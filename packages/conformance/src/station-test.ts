import { TestContext } from './test-context.ts';

/** A case that tests a station: the kit plays the CSMS. */
export class StationTest extends TestContext {
  async tearDown(): Promise<void> {}
}
