export {
  Command,
  Connection,
  Connector,
  NamedToken,
  Notice,
  Reading,
  type Route,
  type RouteName,
  routes,
  SignedMeterValues,
  Station,
  Token,
  Transaction,
} from './csms.ts';
export { Bulk, BulkAction, BulkDetail, BulkItem } from './csms-bulk.ts';
export { Firmware } from './csms-files.ts';
export { LoggedFrame, MessagePair } from './csms-messages.ts';
export { ChargeDetailRecord, Cost, Site, Tariff, TariffAssignment } from './csms-tariffs.ts';
export { Webhook, WebhookDelivery } from './csms-webhooks.ts';
export {
  type FormDescriptor,
  type FormField,
  type FormNode,
  MessageAbout,
  MessageDescriptor,
  resolved,
} from './form/descriptor.ts';
export { emptyForm, fillRequired } from './form/fill.ts';
export { type OpenApi, openApi, pathOf } from './openapi.ts';
export { mayAs, ROLES, type Role } from './route.ts';
export { type StationVerb, stationControlRoutes, stationVerbs } from './station-control.ts';
