/** Seeds of random lives that once failed, each with what it found. They always run. */
export const REGRESSIONS: ReadonlyMap<number, string> = new Map([
  [13, 'a dead link stayed open for ever: the own BootNotification counted as a sign of life'],
  [55, 'the power went during a reboot: two processes of one station wrote and spoke at once'],
  [63, 'the same, with two Ended of one transaction'],
  [124, 'the same, with two open CALLs'],
  [2477, 'a handshake outlived the CSMS that judged it'],
  [3427, 'an EVSE closed between card and energy gave energy away without a transaction'],
  [5815, 'a full queue dropped all samples of one transaction and none of the other'],
]);
