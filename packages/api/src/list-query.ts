import { type TProperties, Type } from 'typebox';

/** What every list takes: how many, from where on, and as what. The next page stands in the header `Link`. */
export const listOf = <Filters extends TProperties>(filters: Filters, most = 1000, usual = 100) =>
  Type.Object({
    ...filters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: most, default: usual, description: 'entries of one page (JSON)' })),
    cursor: Type.Optional(Type.String({ maxLength: 1000, description: 'where a page begins: from the header Link of the one before' })),
    format: Type.Optional(Type.String({ enum: ['json', 'csv'], description: 'csv: all entries from the cursor on, up to 100,000' })),
  });

/** In which direction a list runs. */
export const Order = Type.Optional(Type.String({ enum: ['asc', 'desc'] }));
export const Typed = Type.Optional(Type.String({ minLength: 1, maxLength: 100 }));
