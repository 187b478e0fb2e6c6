/**
 * How a runner on another machine gets in: a registration token, used once, becomes credentials of its own, which it keeps in
 * its folder. The key of its login on the bus is made here and never leaves this machine. Knows nothing of assignments.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { RunnerRegistration } from '@ensemble/protocol';
import { z } from 'zod';

const Kept = RunnerRegistration.extend({ serverUrl: z.string(), seed: z.string() });
/** `seed` is the secret half of its login on the bus. */
export type Registration = z.infer<typeof Kept>;

const RETRY_MS = 1_000;

export interface RegistrationWish {
  /** Without a trailing slash. */
  serverUrl: string;
  /** Needed the first time only. */
  token: string | undefined;
  name: string;
  /** Undefined: all that the token allows. */
  pools: string[] | undefined;
  workspace: string;
}

/** Throws one sentence when the server refuses; waits for a server that does not answer. */
export async function obtainRegistration(wish: RegistrationWish, onWaiting: (reason: string) => void): Promise<Registration> {
  const { serverUrl, token, name, pools, workspace } = wish;
  const file = join(workspace, 'registration.json');
  const kept = Kept.safeParse(JSON.parse(await readFile(file, 'utf8').catch(() => 'null')));
  if (kept.success && kept.data.serverUrl === serverUrl) return kept.data;
  if (token === undefined) {
    throw new Error(`This runner is not registered with ${serverUrl} yet: set ENSEMBLE_RUNNER_TOKEN to a token from its Runners page.`);
  }
  const key = nkeys.createUser();
  const body = { token, name, publicKey: key.getPublicKey(), ...(pools && { pools }) };
  const answer = await ask(`${serverUrl}/api/runner-registrations`, body, onWaiting);
  const registration = { ...RunnerRegistration.parse(answer), serverUrl, seed: new TextDecoder().decode(key.getSeed()) };
  await writeFile(`${file}.new`, JSON.stringify(registration), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return registration;
}

async function ask(url: string, body: object, onWaiting: (reason: string) => void): Promise<unknown> {
  for (let tries = 0; ; tries += 1) {
    let reason: string;
    try {
      // The header tells the server that no page of a browser asks.
      const headers = { 'content-type': 'application/json', origin: new URL(url).origin };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await response.text();
      if (response.ok) return JSON.parse(text) as unknown;
      reason = messageOf(text) ?? `status ${response.status}`;
      if (response.status < 500 && response.status !== 429) throw new Refused(`${url} refused this runner: ${reason}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
      reason = error instanceof Error ? error.message : String(error);
    }
    if (tries % 10 === 0) onWaiting(reason);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

class Refused extends Error {}

function messageOf(text: string): string | undefined {
  try {
    return z.object({ message: z.string() }).parse(JSON.parse(text)).message;
  } catch {
    return undefined;
  }
}
