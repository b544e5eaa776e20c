import type { TransactionDetail } from '@busbar/api';
import type { Static } from 'typebox';

export type SessionDetail = Static<typeof TransactionDetail>;
