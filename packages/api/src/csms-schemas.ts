import { Type } from 'typebox';
import { MessageAbout, MessageDescriptor } from './form/descriptor.ts';
import type { Route } from './route.ts';

const Version = Type.String({ enum: ['ocpp2.0.1', 'ocpp2.1'] });

/** Forms for every message that a CSMS sends. */
export const schemaRoutes = {
  listSchemas: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/schemas/:version',
    summary: 'Messages that a CSMS sends in this version, with their functional block and use cases',
    params: Type.Object({ version: Version }),
    response: { 200: Type.Array(MessageAbout) },
  },
  getSchema: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/schemas/:version/:action',
    summary: 'What a form for this message needs: fields in their order, types, bounds, units; none of the texts of the documents',
    params: Type.Object({ version: Version, action: Type.String({ maxLength: 50 }) }),
    response: { 200: MessageDescriptor },
  },
} as const satisfies Record<string, Route>;
