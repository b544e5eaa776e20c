const KEY_CODE = /("idToken":")[^"]*("\s*,\s*"type":"KeyCode")|("type":"KeyCode"[^{}]*"idToken":")[^"]*(")/g;
const PASSWORD_VALUE = /("attributeValue":")(?:[^"\\]|\\.)*(")/g;
const NETWORK_SECRETS = /("(?:basicAuthPassword|apnPassword|password|key)":")(?:[^"\\]|\\.)*(")/g;
const SIM_PIN = /("simPin":)\d+/g;

/** A frame for people to read: without key codes (C04.FR.04), passwords (A01.FR.11) and the secrets of network profiles. */
export function maskFrame(text: string): string {
  const masked = text.includes('KeyCode') ? text.replace(KEY_CODE, '$1$3***$2$4') : text;
  if (masked.includes('"SetNetworkProfile"')) return masked.replace(NETWORK_SECRETS, '$1***$2').replace(SIM_PIN, '$10');
  return masked.includes('BasicAuthPassword') ? masked.replace(PASSWORD_VALUE, '$1***$2') : masked;
}
