import { Type } from 'typebox';

/** Fields by which messages name an attribute of a variable. */
export const VariableName = {
  component: Type.Object({
    name: Type.String({ maxLength: 50 }),
    instance: Type.Optional(Type.String({ maxLength: 50 })),
    evse: Type.Optional(Type.Object({ id: Type.Integer(), connectorId: Type.Optional(Type.Integer()) })),
  }),
  variable: Type.Object({ name: Type.String({ maxLength: 50 }), instance: Type.Optional(Type.String({ maxLength: 50 })) }),
  attributeType: Type.Optional(Type.String({ enum: ['Actual', 'Target', 'MinSet', 'MaxSet'] })),
};
