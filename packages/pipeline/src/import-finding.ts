/** What an import found out, one fact each: for people to read, grouped and counted, and for programs. Knows no HTTP. */
export type FindingKind =
  /** Taken over as it was. */
  | 'mapped'
  /** Filled in or decided by a rule; worth a look. */
  | 'guessed'
  /** Left out, or kept without a meaning here. */
  | 'not-understood';

export interface ImportFinding {
  kind: FindingKind;
  /** Findings of one code are shown as one group. */
  code: string;
  /** One sentence. */
  message: string;
  nodeId?: string;
  field?: string;
  /** Of a file. */
  path?: string;
}

export const messagesOf = (findings: readonly ImportFinding[], kind: FindingKind): string[] =>
  findings.filter((finding) => finding.kind === kind).map(({ message }) => message);
