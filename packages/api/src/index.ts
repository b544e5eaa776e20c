export { Command, type Route, type RouteName, routes, SignedMeterValues, Station, Token, Transaction } from './csms.ts';
export { ApiKey, AuditEntry, SignIn, User, UserWithPassword, WhoAmI } from './csms-people.ts';
export { ChargeDetailRecord, Cost, Site, Tariff, TariffAssignment } from './csms-tariffs.ts';
export { type OpenApi, openApi, pathOf } from './openapi.ts';
export { mayAs, ROLES, type Role } from './route.ts';
export { type StationVerb, stationControlRoutes, stationVerbs } from './station-control.ts';
