/** What our simulated station does not declare, each with its reason (docs/conformance.md lists them). Everything else it does. */
export const STATION_WITHOUT: Readonly<Record<string, string>> = {
  'AQ-2': 'our sockets let a driver plug in before the authorization',
  'AQ-8': 'a card may be shown before an EVSE is chosen',
  'AQ-11': 'one certificate for OCPP and ISO 15118 belongs to ISO 15118',
  'C-43': 'firmware is never installed while energy may flow',
  Mode12Only: 'it charges in mode 3 and with DC',
  ISO15118: 'a certification profile of its own',
  LocalList: 'a certification profile of its own',
  SmartCharging: 'a certification profile of its own',
};

/** What our CSMS does not declare: nothing. */
export const CSMS_WITHOUT: Readonly<Record<string, string>> = {};
