export { Command, type Route, type RouteName, routes, Station, Token, Transaction } from './csms.ts';
