import { expect, test } from 'vitest';
import { addEnergy, emptyRegister } from './register.ts';

test('J02.FR.16 a register carries the exact remainder: many small steps equal one long one', () => {
  let small = emptyRegister;
  for (let i = 0; i < 3_600; i += 1) small = addEnergy(small, 7_360_001, 1_000);
  expect(small).toEqual(addEnergy(emptyRegister, 7_360_001, 3_600_000));
  expect(small.mWh).toBe(7_360_001);
});

test('J02.FR.16 a register never goes back', () => {
  const register = addEnergy(emptyRegister, 1_000_000, 3_600);
  expect(addEnergy(register, -5_000, 1_000)).toBe(register);
  expect(addEnergy(register, 5_000, -1)).toBe(register);
});
