/** What the page and its code checker, a worker, say to each other. */
import type { CardManifest } from '@ensemble/cards';
import type { Finding } from './finding.ts';

export type CheckRequest = { id: number; source: string } & (
  | {
      kind: 'check';
      path: string;
      /** Card types that other files hold, and their paths. */
      taken: Readonly<Record<string, string>>;
    }
  | { kind: 'format' }
);

export interface CheckResult {
  valid: boolean;
  manifest?: CardManifest;
  findings: Finding[];
}

export type CheckAnswer = { id: number } & (
  { kind: 'checked'; result: CheckResult } | { kind: 'formatted'; source: string } | { kind: 'failed'; message: string }
);
