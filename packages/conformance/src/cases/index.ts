import type { TestCase } from '../case.ts';
import { CSMS_CASES } from './csms.ts';
import { STATION_CASES } from './station.ts';

/** Every case of the kit by its official id. */
export const CASES: ReadonlyMap<string, TestCase> = new Map([...CSMS_CASES, ...STATION_CASES].map((one) => [one.id, one]));
