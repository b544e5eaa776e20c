import type { routes } from '@busbar/api';
import type { Static } from 'typebox';

export type Point = Static<(typeof routes)['transactionSeries']['response'][200]>[number];
