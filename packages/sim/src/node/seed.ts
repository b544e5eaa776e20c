/** The seed of this run: 1, or what BUSBAR_SEED says when tests are repeated. */
export const seedOfRun = (): number => Number(process.env['BUSBAR_SEED'] ?? 1);

/** How many random lives a run tries: the default of the test, or what BUSBAR_SEEDS says. */
export const seedsOfRun = (byDefault: number): number => Number(process.env['BUSBAR_SEEDS'] ?? byDefault);
