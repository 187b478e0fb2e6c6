/** Secrets of this installation, as files in its data directory that only its user can read. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { newSecret } from '../../platform/ids.ts';

const InstanceSecrets = z.object({
  /** Part of cookie names: cookies ignore ports, and two installations on one host must not sign each other out. */
  instanceId: z.string().regex(/^[a-z0-9]{8,}$/),
  /** Signs session cookies. */
  sessionSecret: z.string().min(32),
});
export type InstanceSecrets = z.infer<typeof InstanceSecrets>;

/** Made at the first start. Throws when the file is there but cannot be used: making new ones would sign everybody out. */
export function loadInstanceSecrets(dataDirectory: string): InstanceSecrets {
  const file = path.join(dataDirectory, 'secrets.json');
  const fresh: InstanceSecrets = { instanceId: randomBytes(6).toString('hex'), sessionSecret: newSecret() };
  try {
    writeFileSync(file, `${JSON.stringify(fresh)}\n`, { mode: 0o600, flag: 'wx' });
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    return InstanceSecrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${file} cannot be read: restore it, or delete it to make a new one, which signs everybody out.`, { cause });
  }
}
