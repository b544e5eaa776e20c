import { createServer, type RequestListener, type Server } from 'node:http';
import { Provider } from 'oidc-provider';

export const CLIENT = { id: 'busbar', secret: 'a-secret-of-the-client' };

/** A real identity provider on loopback: its own sign-in pages let everybody in, and tests say what it tells of whom. */
export class IdentityProvider {
  readonly issuer: string;
  readonly claims = new Map<string, Record<string, unknown>>();
  readonly #server: Server;
  readonly #handler: { of: RequestListener };

  private constructor(server: Server, handler: { of: RequestListener }, issuer: string) {
    this.#server = server;
    this.#handler = handler;
    this.issuer = issuer;
  }

  static async start(): Promise<IdentityProvider> {
    const handler: { of: RequestListener } = { of: () => undefined };
    const server = createServer((request, answer) => handler.of(request, answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return new IdentityProvider(server, handler, `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
  }

  /** Where people are sent back to. Nobody comes in before. */
  register(callback: string): void {
    const provider = new Provider(this.issuer, {
      clients: [
        { client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [callback], token_endpoint_auth_method: 'client_secret_post' },
      ],
      claims: { openid: ['sub', 'busbar_role', 'busbar_sites'], profile: ['name', 'preferred_username'], email: ['email'] },
      cookies: { keys: ['k'] },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...this.claims.get(id) }) }),
    }).callback();
    this.#handler.of = (request, answer) => void provider(request, answer);
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
