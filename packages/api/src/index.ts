export { type RouteName, routes } from './csms.ts';
export { Bulk, BulkAction, BulkDetail, BulkItem } from './csms-bulk.ts';
export { Command } from './csms-commands.ts';
export { Firmware } from './csms-files.ts';
export {
  CONNECTOR_STATES,
  type ConnectorState,
  FleetConnector,
  FleetRow,
  INCIDENT_GROUPS,
  INCIDENTS,
  Incident,
  Overview,
  ServerInfo,
  SUGGESTIONS,
} from './csms-fleet.ts';
export { LoggedFrame, MessagePair } from './csms-messages.ts';
export { ApiKey, AuditEntry, SignIn, User, UserWithPassword, WhoAmI } from './csms-people.ts';
export { ListedCertificate, RefusedHandshake, SecurityEvent } from './csms-security.ts';
export { Connection, Connector, InvalidEvent, Notice, Reading, Station } from './csms-stations.ts';
export { ChargeDetailRecord, Cost, Site, Tariff, TariffAssignment } from './csms-tariffs.ts';
export { DeviceVariable, Drift, Template, TemplateDetail, VariableWrite } from './csms-templates.ts';
export { TokenImport } from './csms-token-import.ts';
export { NamedToken, TOKEN_STATUSES, Token } from './csms-tokens.ts';
export { SignedMeterValues, StoredEvent, Transaction, TransactionDetail, VERDICTS, Verdict } from './csms-transactions.ts';
export { VIRTUAL_KINDS, VIRTUAL_VERBS, VirtualStation } from './csms-virtual.ts';
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
export { mayAs, ROLES, type Role, type Route } from './route.ts';
export { type StationVerb, stationControlRoutes, stationVerbs } from './station-control.ts';
export { type FlatVariable, flat, type NamedVariable, nested, printVariable, readVariable } from './variable-name.ts';
