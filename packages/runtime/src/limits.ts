import { s } from './instant.ts';

/** Every bound with its reason. A bound that an operator may move is a configuration option that starts from here. */
export const limits = {
  /** One OCPP-J frame. Real stations send a whole night's samples in one Ended; above this it is an attack or a bug (D3). */
  frameBytes: 1 << 20,
  /** Frames above the limit within the time that mark a station (D3). */
  oversizeFrames: 3,
  oversizeWindowMs: s(3600),
  /** Frames above this are counted and shown: legal, but somebody should know. */
  largeFrameBytes: 64 << 10,
  /** The same for NotifyReport: a part of a large device model may be so long. */
  largeReportFrameBytes: 256 << 10,
  /** Deeper JSON is refused before the schema sees it: nobody needs it, and recursion is how parsers die (D3). */
  jsonDepth: 32,
  /** Repairs of one message under leniencies; a message with more faults is not one a person forgave. */
  repairs: 100,
  messageIdLength: 36,
  errorDescriptionLength: 255,
  /** How long a CALL may stay unanswered (Part 4, 4.1.1 leaves the time to us). */
  callTimeoutMs: s(30),
  /** Commands that wait for their turn on one station's link; more is an operator's loop gone wild. */
  queuedCalls: 100,
  /** CALLs of the other side that are being handled at once: it should be one, and a peer that ignores the rule is slowed, not served. */
  openInboundCalls: 16,
  pingIntervalMs: s(30),
  heartbeatIntervalS: 300,
  bootRetryS: 60,
  /** Upgrade requests that wait for a verdict at once. */
  handshakes: 1_000,
  /** What who comes too early is told to wait (Retry-After). */
  handshakeRetryS: 5,
  /** From the first byte of a connection to the end of its headers; a slower one holds a descriptor for nothing. */
  handshakeTimeoutMs: s(10),
  /** Connections without a finished handshake: a whole fleet comes back in the same second. A silent one over TLS holds 38 kB. */
  unfinishedConnections: 4_096,
  /** Headers of a handshake: a long id, a long password and a proxy's additions fit many times. */
  handshakeHeaderBytes: 16 << 10,
  /** Connections the kernel holds for us: a whole fleet comes back in the same second after a power cut. */
  listenBacklog: 4_096,
  /** How long a goodbye may stay unanswered. */
  closeWaitMs: s(5),
  /** Identity of a station (SecurityCtrlr.Identity). */
  stationIdLength: 48,
  /** One step of `station doctor`: a mobile network is slow, a person waits. */
  doctorStepMs: s(10),
  /** Of the text a server refuses with, more is a web page. */
  refusalTextLength: 500,
  /** Shorter messages grow or gain nothing when compressed (D5). */
  deflateThresholdBytes: 1_024,
  /** Certificates of one chain that are read: the document's longest is a leaf, two sub-CAs and a root. */
  chainCertificates: 10,
  /** Roots a station keeps, of all kinds; hardware has little protected memory. */
  trustedRoots: 50,
  /** Roots the CSMS keeps per kind; each is looked at for every client certificate. */
  trustRoots: 100,
  /** Network profile slots of a station (B09.FR.06 asks for two). */
  networkSlots: 4,
  /** Critical security events a station keeps until they are delivered (A04.FR.02). */
  securityEvents: 500,
  /** Entries of a station's security log; the oldest roll out (A04.FR.04). */
  securityLog: 1_000,
  /** A station's longest certificate chain (SecurityCtrlr.MaxCertificateChainSize). */
  certificateChainLength: 10_000,
  /** Client certificates are renewed so long before they expire (A03.FR.02). */
  certificateRenewalMs: s(30 * 24 * 3600),
  /** Refused handshakes kept for the list, newest first. */
  refusedHandshakes: 500,
  /** Security events of one station that are stored within an hour; more is a station gone wild, which is marked. */
  securityEventsPerHour: 200,
  securityEventWindowMs: s(3600),
  /** Who was wrong too often may try one password in this time: slow for who guesses, soon enough for the station itself. */
  passwordSlowMs: s(5),
  /** A move to another security profile: how long its steps may take, and the restart when the station could begin at once. */
  upgradeMs: s(24 * 3600),
  upgradeRestartMs: s(30 * 60),
  upgradeSigningMs: s(10 * 60),
  /** Wrong passwords per station and minute before we answer 429 without looking. */
  passwordFailuresPerMinute: 10,
  /** Chosen passwords are checked by scrypt, at most so many at once and so many waiting (hot-path: a storm must not hold both cores). */
  scryptAtOnce: 2,
  scryptWaiting: 64,
  /** People who may sign in, and keys that open: all are held in memory, every key is compared at each request. */
  people: 1_000,
  apiKeys: 500,
  /** Browsers one person is signed in with; the oldest ends. */
  signInsPerPerson: 20,
  /** A sign-in ends when nobody used it for so long, and at last after so long. */
  signInMs: s(12 * 3600),
  signInMostMs: s(7 * 24 * 3600),
  /** How much later its end must be to be written, and how seldom the use of a key is. */
  signInWriteMs: s(15 * 60),
  keyUsedMs: s(3600),
  /** Wrong passwords of people within the time (one account, one address), and how many of each are remembered. */
  passwordTriesPerAccount: 5,
  passwordTriesPerAddress: 20,
  passwordTryWindowMs: s(60),
  passwordTriesKept: 10_000,
  /** A password somebody chose; a shorter one is guessed, a longer one is work for nothing. */
  personPasswordMin: 12,
  personPasswordMax: 200,
  /** What the console keeps for one person. */
  personSettingsBytes: 64 << 10,
  /** Sign-ins under way at the identity provider, and how long one may take. */
  oidcPending: 1_000,
  oidcPendingMs: s(600),
  /** One group commit. */
  commitIntents: 500,
  commitBytes: 4 << 20,
  /** Above this we stop reading sockets; TCP pushes back and nobody gets a CALLERROR for our slowness. */
  stopReadingIntents: 5_000,
  stopReadingBytes: 32 << 20,
  stopReadingAgeMs: s(1),
  resumeReadingIntents: 2_500,
  /** Ranges of seqNo kept per transaction; a station that scatters more is marked (D6). */
  seqRanges: 256,
  /** Between two readings of one register: 1 MWh, more than any vehicle takes in one stop. A greater step is marked (ADR 6). */
  registerStepMWh: 1_000_000_000,
  /** Open transactions the ledger keeps in memory. */
  ledgerCache: 20_000,
  /** Transactions one device-model or REST list answers at once. */
  pageSize: 1_000,
  /** Rows of one CSV, and how many are read at once for it: a year of a large site; more is a backup's work. */
  csvRows: 100_000,
  csvPage: 500,
  /** Events the live stream can replay to a client that comes back. */
  eventRing: 10_000,
  /** How long after the last client has gone they are still made for him. */
  eventRingMs: s(60),
  /** Bytes a slow event-stream client may lag behind before it is closed. */
  eventClientBytes: 1 << 20,
  eventClients: 200,
  /** Running transactions that the lines of the fleet show. */
  fleetRunning: 50_000,
  /** Simulated stations that one CSMS runs for demos; a fleet for load is `busbar fleet`. */
  virtualStations: 200,
  /** Points of a session's curve: more than a wide screen has pixels for. */
  seriesPoints: 2_000,
  /** Entries of the list of what is wrong; who has more reads the worst first. */
  incidents: 500,
  httpBodyBytes: 1 << 20,
  /** The answer of an authorize extension (D24). */
  authorizeMs: s(5),
  authorizeAtOnce: 64,
  tokenCache: 50_000,
  tokenNegativeMs: s(60),
  /** Stations waiting for approval under `--unknown-stations pending`; the oldest idle one makes room (D20). */
  pendingStations: 100,
  /** GetTransactionStatus queries per transaction before only `billAfter` is left (D7). */
  gapQueries: 10,
  gapQueryFirstMs: s(10),
  /** How often a driver hears what it costs so far (D25): each time is a message over a mobile link. */
  runningCostMs: s(60),
  gapQueryMaxMs: s(3600),
  billAfterMs: s(24 * 3600),
  /** Message log: what one block holds, how long it may wait, what is dropped first under pressure. */
  logBlockBytes: 256 << 10,
  logBlockMs: 250,
  logQueueBytes: 16 << 20,
  /** Transaction events a station keeps while it cannot deliver; then every second Updated goes (E04.FR.08). */
  stationQueue: 1_000,
  /** Other requests a station keeps while offline (status, events): the newest value per connector is what counts. */
  stationNotices: 200,
  /** Samples kept for one Ended event: a sample a minute for a day; then every second inner one goes (E06.FR.13). */
  stationSamples: 1_440,
  /** Meter values of one Ended event: a quarter of the hard frame limit leaves room for everything else (J02.FR.20). */
  stationEndedBytes: 256 << 10,
  /** How long a vehicle may take to ask for energy before it counts as not ready (TC_E_38_CS). */
  evReadyMs: s(10),
  authorizationCacheEntries: 1_000,
  /** Wrong PINs make the next one wait, longer each time up to this (C04.FR.06). */
  pinWaitMaxMs: s(300),
  /** A download is sent elsewhere so often before it counts as going in circles. */
  transferRedirects: 5,
  /** No byte of a file moved for so long: the line is dead. */
  transferStallMs: s(30),
  /** A firmware image a station takes: what a small flash memory holds twice. */
  stationFirmwareBytes: 512 << 20,
  /** The text of one log a station uploads, newest lines first. */
  stationLogBytes: 4 << 20,
  /** Kinds of station whose variables are kept for the next of their kind; a fleet has a handful. */
  stationKinds: 100,
  /** Lines of diagnostics a station keeps: some days of a busy one. */
  stationLogLines: 5_000,
  /** Lines of diagnostics that go to the disk together, and how long they may wait. */
  stationLogBlock: 100,
  stationLogWaitMs: s(300),
  /** Attempts after the first one, where a request for a log or an image does not say how many, and the time between them. */
  transferRetries: 2,
  transferRetryS: 60,
  /** Data of one NotifyCustomerInformation (2.0.1 schema). */
  customerDataCharacters: 512,
  /** How long a person may take to choose on a display (C16). */
  selectionMs: s(60),
  /** A log the CSMS takes from a station. */
  logFileBytes: 64 << 20,
  /** Headers of the part of a form in which a station wraps its log. */
  formHeaderBytes: 4 << 10,
  /** A firmware image the CSMS keeps. */
  firmwareFileBytes: 512 << 20,
  /** Logs kept per station, newest; the bytes of older ones go. */
  logsPerStation: 20,
  /** Connections of the files' listener: a fleet after a rollout; each holds some 64 kB while its file moves. */
  fileTransfers: 1_000,
  /** All files together move no faster: what they take of the event loop stays small whatever a rollout wants (D21). */
  fileBytesPerSecond: 64 << 20,
  fileBurstMs: 100,
  /** Requests for logs and updates the CSMS remembers per station, and steps of each: more is a station gone wild. */
  toldRequests: 500,
  toldStatuses: 100,
  /** How long the address of a file stays valid after its command. */
  fileTokenMs: s(24 * 3600),
  /** The last transactions a station can still tell apart from unknown ones. */
  traceRing: 2_000,
  /** Groups of intents in one commit; more would make everybody wait for a single fsync that gains nothing any more. */
  batchGroups: 500,
  /** Transactions whose events lie in one part of the table on PostgreSQL: 100,000 sessions of 50 events are about 700 MB. */
  txPerPartition: 100_000,
  /** Days that are made ahead on PostgreSQL: a server whose clock is wrong, or that is asleep over a long weekend, still finds its day. */
  partitionDaysAhead: 7,
  /** How long a start waits for another Busbar's lock on the database: a killed one's is free once the server has noticed. */
  databaseLockMs: s(5),
  /** Between two attempts to reach the database. */
  databaseRetryMs: s(1),
  /** Reading connections on PostgreSQL: pages of the console and the API; nothing on the hot path reads. */
  databaseReaders: 4,
  /** Blocks of the message log that one search unpacks: 64 MB of text, a quarter of a second of its worker. */
  logBlocksSearched: 250,
  /** Stations of one job, those spoken to at once unless told otherwise, how long one may take, how long those that are away are waited for. */
  bulkStations: 10_000,
  bulkAtOnce: 10,
  bulkWaitMs: s(120),
  bulkExpiresS: 24 * 3600,
  /** Of an answer, in the list of a job. */
  bulkResultCharacters: 4_000,
  /** Templates of configuration there may be, and how far back writes of variables are looked for. */
  templates: 200,
  variableWrites: 200,
  /** Tokens of one import, and its bytes. */
  importTokens: 10_000,
  importTokenBytes: 8 << 20,
  /** Tokens of an import that are one commit. */
  importTokensAtOnce: 500,
  /** Webhooks there may be, deliveries under way in all and to one of them, and what may wait for one: who is further behind loses. */
  webhooks: 50,
  webhookAtOnce: 8,
  webhookAtOnceEach: 2,
  webhookWaiting: 100_000,
  /** An answer takes no longer, and no more of it is read. */
  webhookTimeoutMs: s(5),
  webhookAnswerBytes: 64 << 10,
  /** Between the first attempts, and at most; given up after a day. */
  webhookRetryMs: s(10),
  webhookRetryMaxMs: s(3600),
  webhookGiveUpMs: s(24 * 3600),
  /** How long the log of what was delivered is kept. */
  webhookLogMs: s(7 * 24 * 3600),
  /** Pairs of a page whose other half stands beyond its edge: so many are looked up, within this time of the first half. */
  pairLookups: 20,
  pairMs: s(120),
  /** Frames that are looked at for a page of pairs that break a schema or got no answer. */
  pairsSearched: 10_000,
  /** Frames of one export of the message log. */
  messageExport: 10_000,
  /** Lines and bytes of a log that somebody brings to look at. */
  importLines: 20_000,
  importBytes: 8 << 20,
  /** Between two looks for what is past retention. */
  retentionMs: s(3600),
  /** Rows that retention deletes at once on SQLite: everybody else waits for them. */
  retentionRows: 5_000,
  /** Connections of one station whose history is kept. */
  connectionsKept: 1_000,
  /** Rows for those who deliver events outside; who is further behind starts from a list. */
  outboxRows: 1_000_000,
  /** Requests that are open when the CSMS stops get so long to finish. */
  drainMs: s(10),
  /** A commit that takes longer: the database is not well, and `/health/ready` says so. */
  storeSilentMs: s(3),
} as const;
