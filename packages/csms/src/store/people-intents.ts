import type { Role } from '@busbar/api';
import type { Instant } from '@busbar/runtime';

export type PeopleIntent =
  | { readonly k: 'personPut'; readonly person: PersonInput }
  /** `conflict` when the last administrator would lose his power; the same for `personDelete`. */
  | { readonly k: 'personPatch'; readonly id: string; readonly patch: PersonPatch }
  | { readonly k: 'personDelete'; readonly id: string }
  | { readonly k: 'signInPut'; readonly signIn: SignInRecord }
  | { readonly k: 'signInSeen'; readonly hash: string; readonly expiresAt: Instant }
  | { readonly k: 'signInEnd'; readonly hash: string }
  /** All of a person, but for the one he changed his password with. */
  | { readonly k: 'signInsEnd'; readonly person: string; readonly except?: string }
  | { readonly k: 'signInsExpired'; readonly before: Instant }
  /** The first key, given or made at the start. Revoked it stays so until it is another one. */
  | { readonly k: 'apiKey'; readonly name: string; readonly hash: string; readonly at: Instant }
  | { readonly k: 'keyPut'; readonly key: KeyInput }
  | { readonly k: 'keyRevoked'; readonly id: string }
  | { readonly k: 'keyUsed'; readonly id: string; readonly at: Instant };

export interface PersonInput {
  readonly id: string;
  readonly name: string;
  readonly shownName: string;
  /** As `hashPassword` makes it; null when he only comes by OIDC. */
  readonly password: string | null;
  readonly oidcSubject: string | null;
  readonly role: Role;
  /** Ids of sites; null = all. */
  readonly sites: readonly number[] | null;
  readonly createdAt: Instant;
}

export interface PersonPatch {
  readonly shownName?: string;
  readonly password?: string;
  readonly role?: Role;
  readonly sites?: readonly number[] | null;
  readonly disabled?: boolean;
  /** JSON. */
  readonly settings?: string;
  readonly signedInAt?: Instant;
}

export interface PersonRecord extends PersonInput {
  readonly disabled: boolean;
  readonly settings: string;
  readonly signedInAt: Instant | null;
}

export interface SignInRecord {
  /** SHA-256 of the cookie's token. */
  readonly hash: string;
  readonly person: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  /** What its User-Agent said. */
  readonly browser: string;
}

export interface KeyInput {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the whole key. */
  readonly hash: string;
  readonly role: Role;
  readonly sites: readonly number[] | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
}

export interface KeyRecord extends KeyInput {
  readonly lastUsedAt: Instant | null;
  readonly revoked: boolean;
}

export interface AuditFilter {
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  readonly since?: Instant;
  readonly until?: Instant;
  /** Older than this entry. */
  readonly before?: number;
  readonly limit: number;
}

export interface AuditRecord {
  readonly id: number;
  readonly at: Instant;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly reason: string;
  readonly result: string;
}

/** Reads of who may come in, and of who did what. */
export interface PeopleReader {
  people(): Promise<readonly PersonRecord[]>;
  signIns(): Promise<readonly SignInRecord[]>;
  /** With revoked ones. */
  apiKeys(): Promise<readonly KeyRecord[]>;
  /** Newest first. */
  audit(filter: AuditFilter): Promise<readonly AuditRecord[]>;
}
