export * from './keys.ts';
export type * from './model.ts';
export { isIn } from './model.ts';
export { STANDARD, standardVariable } from './standard.ts';
export { listMembers, type ValueRules, validateValue } from './value.ts';
