interface WorldText {
  readonly evses: readonly { readonly register: { readonly mWh: number } }[];
}

/** Reads the meters out of a World's file, without any simulation running: the oracle of power-cut tests. Sum of all import registers in mWh. */
export function worldMWh(text: string | undefined): number {
  if (text === undefined) return 0;
  const world: WorldText = JSON.parse(text);
  return world.evses.reduce((sum, { register }) => sum + register.mWh, 0);
}
