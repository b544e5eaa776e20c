import { variablesOf } from '../model.ts';
import { ONLY_21 } from './values.ts';

const comm = variablesOf('OCPPCommCtrlr');
/** The link to the CSMS: time-outs, retries, network profiles, heartbeat. */
export const OCPPCommCtrlr = {
  ActiveNetworkProfile: comm('ActiveNetworkProfile', 'integer', 'The slot of the network profile in use now.', {
    required: true,
    errata: '2.57',
  }),
  ExternalConfigChangeDate: comm('ExternalConfigChangeDate', 'dateTime', 'When somebody last changed the configuration on site.', {
    versions: ONLY_21,
  }),
  FieldLength: comm('FieldLength', 'integer', 'The longer length the station takes for a message field, named by the instance.', {
    instanceOf: 'message.field',
    min: 0,
  }),
  FileTransferProtocols: comm('FileTransferProtocols', 'MemberList', 'The protocols the station can move files with.', {
    required: true,
    values: ['FTP', 'FTPS', 'HTTP', 'HTTPS', 'SFTP'],
  }),
  HeartbeatInterval: comm('HeartbeatInterval', 'integer', 'Seconds of silence after which the station sends a Heartbeat.', {
    unit: 's',
    min: 1,
    mutability: 'ReadWrite',
  }),
  MessageAttemptIntervalTransactionEvent: comm(
    'MessageAttemptInterval',
    'integer',
    'Wait before a refused TransactionEvent is sent again; each attempt waits that much longer.',
    { instance: 'TransactionEvent', unit: 's', min: 0, mutability: 'ReadWrite', required: true },
  ),
  MessageAttemptsTransactionEvent: comm('MessageAttempts', 'integer', 'How often a TransactionEvent is tried before it is given up.', {
    instance: 'TransactionEvent',
    min: 0,
    mutability: 'ReadWrite',
    required: true,
  }),
  MessageTimeoutDefault: comm('MessageTimeout', 'integer', 'How long the station waits for the answer to a request.', {
    instance: 'Default',
    unit: 's',
    min: 1,
    required: true,
  }),
  NetworkConfigurationPriority: comm('NetworkConfigurationPriority', 'SequenceList', 'The network profile slots in the order to try.', {
    mutability: 'ReadWrite',
    required: true,
  }),
  NetworkProfileConnectionAttempts: comm(
    'NetworkProfileConnectionAttempts',
    'integer',
    'Failed attempts on one network profile before the next one is tried.',
    { min: 0, mutability: 'ReadWrite', required: true },
  ),
  OfflineThreshold: comm(
    'OfflineThreshold',
    'integer',
    'An outage longer than this makes the station report all connector states after it.',
    {
      unit: 's',
      min: 0,
      mutability: 'ReadWrite',
      required: true,
    },
  ),
  PublicKeyWithSignedMeterValue: comm(
    'PublicKeyWithSignedMeterValue',
    'OptionList',
    'How often the public key travels with signed values.',
    {
      values: ['Never', 'OncePerTransaction', 'EveryMeterValue'],
      mutability: 'ReadWrite',
    },
  ),
  QueueAllMessages: comm('QueueAllMessages', 'boolean', 'Whether other messages than TransactionEvents are queued while offline.', {
    mutability: 'ReadWrite',
  }),
  ResetRetries: comm('ResetRetries', 'integer', 'How often a failed reset is tried again.', {
    min: 0,
    mutability: 'ReadWrite',
    required: true,
  }),
  RetryBackOffRandomRange: comm('RetryBackOffRandomRange', 'integer', 'Upper end of the random part of the wait between reconnects.', {
    unit: 's',
    min: 0,
    mutability: 'ReadWrite',
  }),
  RetryBackOffRepeatTimes: comm('RetryBackOffRepeatTimes', 'integer', 'How many times the wait between reconnects doubles.', {
    min: 0,
    mutability: 'ReadWrite',
  }),
  RetryBackOffWaitMinimum: comm('RetryBackOffWaitMinimum', 'integer', 'The first wait between reconnects.', {
    unit: 's',
    min: 0,
    mutability: 'ReadWrite',
  }),
  UnlockOnEVSideDisconnect: comm('UnlockOnEVSideDisconnect', 'boolean', 'Whether the cable is freed when the EV side is unplugged.', {
    mutability: 'ReadWrite',
    mayBeReadOnly: true,
    required: true,
  }),
  WebSocketPingInterval: comm('WebSocketPingInterval', 'integer', 'Seconds between WebSocket pings of the station; 0 sends none.', {
    unit: 's',
    min: 0,
    mutability: 'ReadWrite',
  }),
} as const;

const network = variablesOf('NetworkConfiguration', 'station', {
  versions: ONLY_21,
  mutability: 'ReadWrite',
  requiredWith: 'NetworkConfiguration',
});
/** 2.1: one component per network profile slot, its instance is the slot. Required only where a station has it. */
export const NetworkConfiguration = {
  Apn: network('Apn', 'string', 'Access point name of the mobile network.'),
  ApnAuthentication: network('ApnAuthentication', 'string', 'How the station signs in at the access point.'),
  ApnEnabled: network('ApnEnabled', 'boolean', 'Whether an access point is configured.', { required: true }),
  ApnPassword: network('ApnPassword', 'string', 'Password for the access point.', { mutability: 'WriteOnly' }),
  ApnUserName: network('ApnUserName', 'string', 'User name for the access point.'),
  BasicAuthPassword: network('BasicAuthPassword', 'string', 'Basic password of this profile.', {
    required: true,
    mutability: 'WriteOnly',
    min: 16,
    max: 64,
  }),
  CsmsRootCertificateHashAlgorithm: network('CsmsRootCertificateHashAlgorithm', 'string', 'Names the CSMS root: its hash algorithm.'),
  CsmsRootCertificateIssuerKeyHash: network('CsmsRootCertificateIssuerKeyHash', 'string', 'Names the CSMS root: hash of the key.'),
  CsmsRootCertificateIssuerNameHash: network('CsmsRootCertificateIssuerNameHash', 'string', 'Names the CSMS root: hash of the issuer.'),
  CsmsRootCertificateSerialNumber: network('CsmsRootCertificateSerialNumber', 'string', 'Names the CSMS root: its serial number.'),
  Identity: network('Identity', 'string', 'The id the station uses on this profile.', { max: 48 }),
  MessageTimeout: network('MessageTimeout', 'integer', 'How long an answer may take on this profile.', {
    required: true,
    unit: 's',
    min: 1,
  }),
  OcppCsmsUrl: network('OcppCsmsUrl', 'string', 'The URL of the CSMS, without the station id.', { required: true }),
  OcppInterface: network('OcppInterface', 'OptionList', 'The network interface of this profile.', { required: true }),
  OcppTransport: network('OcppTransport', 'OptionList', 'The transport; JSON is the only one left.', { required: true }),
  OcppVersion: network('OcppVersion', 'OptionList', 'Kept for old peers; the handshake decides the version.', { required: true }),
  PreferredNetwork: network('PreferredNetwork', 'string', 'Country and network code of the mobile network to prefer.'),
  SecurityProfile: network('SecurityProfile', 'integer', 'Security profile of this network profile.', { required: true, min: 0, max: 3 }),
  SimPin: network('SimPin', 'string', 'PIN of the SIM card.', { mutability: 'WriteOnly' }),
  UseOnlyPreferredNetwork: network('UseOnlyPreferredNetwork', 'boolean', 'Whether roaming to other networks is off.'),
  VpnEnabled: network('VpnEnabled', 'boolean', 'Whether a VPN is configured.', { required: true }),
  VpnGroup: network('VpnGroup', 'string', 'Group name in the VPN.'),
  VpnKey: network('VpnKey', 'string', 'Shared secret of the VPN.', { mutability: 'WriteOnly' }),
  VpnPassword: network('VpnPassword', 'string', 'Password for the VPN.', { mutability: 'WriteOnly' }),
  VpnServer: network('VpnServer', 'string', 'Address of the VPN server.'),
  VpnType: network('VpnType', 'string', 'Kind of VPN.'),
  VpnUser: network('VpnUser', 'string', 'User name for the VPN.'),
} as const;
