export { CARD, Duet, type DuetOptions } from './duet.ts';
