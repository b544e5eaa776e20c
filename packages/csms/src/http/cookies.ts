import { limits } from '@busbar/runtime';
import type { FastifyRequest } from 'fastify';

/** The prefix keeps neighbours on other ports and subdomains from setting it; browsers take it over https only. */
const nameOf = ({ protocol }: FastifyRequest, name: string): string => (protocol === 'https' ? `__Host-${name}` : name);

const COOKIE = 'busbar';
const OIDC_COOKIE = 'busbar-oidc';

function read(request: FastifyRequest, name: string): string | undefined {
  const wanted = nameOf(request, name);
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key = '', value = ''] = part.trim().split('=', 2);
    if (key === wanted && /^[\w-]{1,100}$/.test(value)) return value;
  }
  return undefined;
}

const write = (request: FastifyRequest, name: string, value: string, sameSite: 'Strict' | 'Lax', maxAgeS: number): string =>
  `${nameOf(request, name)}=${value}; HttpOnly; SameSite=${sameSite}; Path=/; Max-Age=${maxAgeS}${request.protocol === 'https' ? '; Secure' : ''}`;

/** The server decides when a sign-in ends; the browser keeps it as long as it can last at most. */
export const cookieOf = (request: FastifyRequest): string | undefined => read(request, COOKIE);
export const setCookie = (request: FastifyRequest, value: string): string =>
  write(request, COOKIE, value, 'Strict', limits.signInMostMs / 1000);
export const clearCookie = (request: FastifyRequest): string => write(request, COOKIE, '', 'Strict', 0);

/** Binds the way back from the identity provider to the browser that left; Lax, because the provider sends it back. */
export const oidcCookieOf = (request: FastifyRequest): string | undefined => read(request, OIDC_COOKIE);
export const setOidcCookie = (request: FastifyRequest, value: string): string =>
  write(request, OIDC_COOKIE, value, 'Lax', limits.oidcPendingMs / 1000);
export const clearOidcCookie = (request: FastifyRequest): string => write(request, OIDC_COOKIE, '', 'Lax', 0);
