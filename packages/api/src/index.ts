export {
  Command,
  type Route,
  type RouteName,
  routes,
  SignedMeterValues,
  Station,
  StoredEvent,
  Token,
  Transaction,
  TransactionDetail,
  VERDICTS,
  Verdict,
} from './csms.ts';
export {
  CONNECTOR_STATES,
  type ConnectorState,
  FleetConnector,
  FleetRow,
  INCIDENT_GROUPS,
  INCIDENTS,
  Incident,
  Overview,
  SUGGESTIONS,
} from './csms-fleet.ts';
export { ApiKey, AuditEntry, SignIn, User, UserWithPassword, WhoAmI } from './csms-people.ts';
export { ChargeDetailRecord, Cost, Site, Tariff, TariffAssignment } from './csms-tariffs.ts';
export { type OpenApi, openApi, pathOf } from './openapi.ts';
export { mayAs, ROLES, type Role } from './route.ts';
export { type StationVerb, stationControlRoutes, stationVerbs } from './station-control.ts';
