import type { Ocpp } from '@busbar/protocol';
import { formatInstant, type JournalChange, maskToken } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys } from '../../memory.ts';
import type { AuthorizationCache } from '../c-authorization/authorization-cache.ts';
import { sameToken } from '../c-authorization/authorize.ts';
import type { LocalList } from '../d-local-list/local-list.ts';
import type { Sessions } from '../e-transactions/sessions.ts';

/** Whether a token is this customer's. */
type Matches = (token: Ocpp.IdTokenType, info?: Ocpp.IdTokenInfoType) => boolean;

export interface Findings {
  /** One line per record, for people. */
  readonly lines: readonly string[];
  /** Takes out what may go, and says what has to be written for it. The list is the CSMS's business (N10.FR.03, N10.FR.06). */
  readonly clear: () => readonly JournalChange[];
}

/** N09, N10: everything this station keeps about somebody, in its own stores. */
export class CustomerRecords {
  readonly #context: Context;
  readonly #cache: AuthorizationCache;
  readonly #list: LocalList;
  readonly #sessions: Sessions;

  constructor(context: Context, parts: { readonly cache: AuthorizationCache; readonly list: LocalList; readonly sessions: Sessions }) {
    this.#context = context;
    this.#cache = parts.cache;
    this.#list = parts.list;
    this.#sessions = parts.sessions;
  }

  find(request: Ocpp.CustomerInformationRequest): Findings {
    const matches = matcher(request);
    const cached = this.#cache.matching(matches);
    const listed = this.#list.matching(matches);
    const masks = maskedTokens([...cached, ...listed].map(({ token }) => token).concat(request.idToken ?? []));
    const mentions = (text: string): boolean => masks.some((mask) => text.includes(`${mask} `) || text.endsWith(mask));
    const lines = [
      ...cached.map(
        ({ token, info, at }) => `authorization cache: ${tokenText(token)} ${info.status}, learned ${formatInstant(at)}${groupText(info)}`,
      ),
      ...listed.map(({ token, info }) => `local authorization list: ${tokenText(token)} ${info.status}${groupText(info)}`),
      ...this.#running(matches),
      ...this.#queued(matches),
      ...this.#context.diagnostics.mentioning(mentions).map((line) => `diagnostics: ${line}`),
    ];
    return {
      lines,
      clear: () => {
        this.#withdraw(matches);
        return [...this.#cache.forget(cached), ...this.#context.diagnostics.forget(mentions)];
      },
    };
  }

  /** What goes on now stays until it is over: it is how the station knows who may end it. */
  #running(matches: Matches): readonly string[] {
    return this.#sessions.all.flatMap(({ evseId, authorization, transaction }) => {
      const token = authorization?.idToken ?? transaction?.idToken;
      if (!token || !matches(token)) return [];
      return [`EVSE ${evseId}: ${tokenText(token)} ${transaction ? `charges, transaction ${transaction.id}` : 'was let in'}`];
    });
  }

  /** Who was let in and has not begun is forgotten too: he may show his token again. */
  #withdraw(matches: Matches): void {
    for (const { evseId, authorization, transaction } of this.#sessions.all) {
      if (authorization?.idToken && !transaction && matches(authorization.idToken)) this.#sessions.post(evseId, { kind: 'connectTimeout' });
    }
  }

  /** What waits for the CSMS is money; it goes with its delivery. */
  #queued(matches: Matches): readonly string[] {
    return this.#context.memory.list<{ readonly request: Ocpp.TransactionEventRequest }>(keys.queue).flatMap(({ value: { request } }) => {
      const { idToken, transactionInfo, seqNo, timestamp } = request;
      return idToken && matches(idToken)
        ? [`waits for delivery: ${tokenText(idToken)}, transaction ${transactionInfo.transactionId}, event ${seqNo} of ${timestamp}`]
        : [];
    });
  }
}

/** By the token itself, or by a text that a token, its group or its additional tokens carry; of certificates the station keeps no data. */
function matcher({ idToken, customerIdentifier }: Ocpp.CustomerInformationRequest): Matches {
  if (idToken) return (token) => sameToken(token, idToken);
  if (customerIdentifier === undefined || customerIdentifier === '') return () => false;
  const wanted = customerIdentifier.toLowerCase();
  return (token, info) =>
    [token.idToken, info?.groupIdToken?.idToken, ...(token.additionalInfo ?? []).map((more) => more.additionalIdToken)].some(
      (text) => text?.toLowerCase() === wanted,
    );
}

const tokenText = ({ type, idToken }: Ocpp.IdTokenType): string => `${type} ${idToken}`;
const groupText = ({ groupIdToken }: Ocpp.IdTokenInfoType): string => (groupIdToken ? `, group ${groupIdToken.idToken}` : '');

/** How the diagnostics write these tokens; too short a token is not to be told from others there. */
const maskedTokens = (tokens: readonly Ocpp.IdTokenType[]): readonly string[] =>
  [...new Set(tokens.map(({ idToken }) => maskToken(idToken)))].filter((mask) => mask.length > 3);
