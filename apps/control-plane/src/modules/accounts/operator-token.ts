/** The operator's token: new at every start, in a file that only this installation's user can read. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newSecret } from '../../platform/ids.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export interface OperatorToken {
  matches(candidate: string): boolean;
}

export function writeOperatorToken(dataDirectory: string): OperatorToken {
  const token = newSecret();
  const file = path.join(dataDirectory, 'local-token');
  writeFileSync(`${file}.new`, `${token}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  const expected = digest(token);
  return { matches: (candidate) => timingSafeEqual(digest(candidate), expected) };
}
