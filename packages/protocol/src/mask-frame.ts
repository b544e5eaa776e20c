const KEY_CODE = /("idToken":")[^"]*("\s*,\s*"type":"KeyCode")|("type":"KeyCode"[^{}]*"idToken":")[^"]*(")/g;
const PASSWORD_VALUE = /("attributeValue":")(?:[^"\\]|\\.)*(")/g;

/** A frame for people to read: without key codes (C04.FR.04) and passwords (A01.FR.11). */
export function maskFrame(text: string): string {
  const masked = text.includes('KeyCode') ? text.replace(KEY_CODE, '$1$3***$2$4') : text;
  return masked.includes('BasicAuthPassword') ? masked.replace(PASSWORD_VALUE, '$1***$2') : masked;
}
