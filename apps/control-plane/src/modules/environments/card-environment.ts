/**
 * What a card runs in, as text to compare: the interpreter, the SDK and harness, the packages that every card has, and its own.
 * Where runners on other machines have another interpreter or image, this does not see it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { environmentSetText } from '@ensemble/protocol';

/** What of the SDK folder a card can notice. */
const PARTS = ['requirements.in', 'requirements.lock', 'cards/base.py', 'ensemble', 'ensemble_harness'];

/** Reads once; `python`: the interpreter that cards run in, in its environment. Call the answer with the requirements of a card. */
export function readCardEnvironment(sdkDirectory: string, python: string | undefined): (requirements: readonly string[]) => string {
  const hash = createHash('sha256').update(pythonVersion(python));
  for (const part of PARTS) {
    const full = path.join(sdkDirectory, part);
    const files = part.includes('.')
      ? ['']
      : readdirSync(full, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.py'));
    for (const file of files.sort()) hash.update(`\n${part}/${file}\n`).update(readFileSync(path.join(full, file)));
  }
  const base = hash.digest('hex');
  return (requirements) => createHash('sha256').update(environmentSetText(requirements, base)).digest('hex');
}

function pythonVersion(python: string | undefined): string {
  const about = python && path.join(python, '../../pyvenv.cfg');
  return (about && existsSync(about) && /^version(?:_info)? = (.+)$/m.exec(readFileSync(about, 'utf8'))?.[1]) || '';
}
