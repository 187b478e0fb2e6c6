/**
 * Which pages may talk to this server. Pure. Keeps foreign pages from acting with somebody's cookie (Origin) and names that
 * were pointed at this machine from reading it (Host).
 */
import { isIP } from 'node:net';
import { ApiError } from '../../platform/api-error.ts';

export interface OriginRules {
  /** As listened on. */
  host: string;
  publicUrl: string | undefined;
}

export interface RequestFacts {
  method: string;
  host: string | undefined;
  origin: string | undefined;
  authorization: string | undefined;
  /** A WebSocket handshake. */
  upgrade: boolean;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Throws `foreign-origin` with a sentence that says what to set. */
export function checkOrigin(rules: OriginRules, { method, host, origin, authorization, upgrade }: RequestFacts): void {
  const publicUrl = rules.publicUrl === undefined ? undefined : new URL(rules.publicUrl);
  const name = URL.parse(`http://${host ?? ''}`)?.hostname;
  if (host === undefined || name === undefined || !isOwnName(rules, publicUrl, host, name)) {
    throw new ApiError('foreign-origin', 'This server is not known by that name: set ENSEMBLE_PUBLIC_URL to the address people open.');
  }
  if (READS.has(method) && !upgrade) return;
  if (origin === undefined) {
    // No browser sends such a request for another page, and no other page knows the token.
    if (authorization !== undefined) return;
    throw new ApiError('foreign-origin', 'Requests that change something need an Origin header, or a token.');
  }
  if (origin === publicUrl?.origin || origin === `http://${host}`) return;
  throw new ApiError('foreign-origin', 'This page is not part of this installation: open it at its own address.');
}

function isOwnName(rules: OriginRules, publicUrl: URL | undefined, host: string, name: string): boolean {
  if (LOOPBACK.has(name) || host === publicUrl?.host || name === rules.host) return true;
  // Who listens to the network is reached by address; rebinding an address to another one is not possible.
  return !LOOPBACK.has(rules.host) && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}
