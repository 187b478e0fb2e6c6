import { describe, expect, test } from 'vitest';
import { checkOrigin, type OriginRules, type RequestFacts } from './origin-guard.ts';

const local: OriginRules = { host: '127.0.0.1', publicUrl: undefined };
const open: OriginRules = { host: '0.0.0.0', publicUrl: undefined };
const behindProxy: OriginRules = { host: '127.0.0.1', publicUrl: 'https://ensemble.example.org' };
const request = (facts: Partial<RequestFacts>): RequestFacts => ({
  method: 'GET',
  host: 'localhost:4380',
  origin: undefined,
  authorization: undefined,
  upgrade: false,
  ...facts,
});

describe('a request is let through', () => {
  test.each<[string, OriginRules, Partial<RequestFacts>]>([
    ['that reads, by a loopback name', local, {}],
    ['that reads, by IPv6 loopback', local, { host: '[::1]:4380' }],
    ['that writes from its own page', local, { method: 'POST', origin: 'http://localhost:4380' }],
    ['that writes with a token and no origin', local, { method: 'POST', authorization: 'Bearer x' }],
    ['by address, when listening to the network', open, { host: '192.168.1.7:4380', method: 'POST', origin: 'http://192.168.1.7:4380' }],
    ['by the public name', behindProxy, { host: 'ensemble.example.org', method: 'PATCH', origin: 'https://ensemble.example.org' }],
    [
      'from the public page, when the proxy speaks to loopback',
      behindProxy,
      { host: '127.0.0.1:4380', method: 'POST', origin: 'https://ensemble.example.org' },
    ],
  ])('%s', (_, rules, facts) => {
    checkOrigin(rules, request(facts));
  });
});

describe('a request is refused', () => {
  test.each<[string, OriginRules, Partial<RequestFacts>]>([
    ['by a foreign name', local, { host: 'evil.example:4380' }],
    ['by an address, when listening to loopback only', local, { host: '192.168.1.7:4380' }],
    ['by a foreign name, when listening to the network', open, { host: 'evil.example:4380' }],
    ['by a name that only looks like loopback', local, { host: 'localhost.evil.example' }],
    ['without a host', local, { host: undefined }],
    ['with a host that is none', local, { host: 'a b' }],
    ['that writes from another port', local, { method: 'POST', origin: 'http://localhost:4381' }],
    ['that writes from an opaque origin', local, { method: 'POST', origin: 'null' }],
    ['that writes without an origin or a token', local, { method: 'DELETE' }],
    ['that writes with a token from a foreign page', local, { method: 'POST', origin: 'http://evil.example', authorization: 'Bearer x' }],
    ['that upgrades from a foreign page', local, { upgrade: true, origin: 'http://evil.example' }],
    ['that upgrades without an origin', local, { upgrade: true }],
    ['from the public name without TLS', behindProxy, { host: 'ensemble.example.org', method: 'POST', origin: 'http://evil.example' }],
  ])('%s', (_, rules, facts) => {
    expect(() => checkOrigin(rules, request(facts))).toThrow(/./);
  });
});
