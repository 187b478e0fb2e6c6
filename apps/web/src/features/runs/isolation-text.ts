import type { IsolationLevel } from '@ensemble/protocol';

const TEXT: Record<IsolationLevel, { label: string; explanation: string }> = {
  L0: { label: 'L0, gVisor container', explanation: 'Cards ran in Docker containers with a kernel of their own (gVisor).' },
  L1: { label: 'L1, hardened container', explanation: 'Cards ran in hardened Docker containers without network.' },
  L2: {
    label: 'L2, namespaces',
    explanation: 'Cards ran in sandboxes made of user namespaces, a system call filter and limits, without network.',
  },
  L3: { label: 'L3, Landlock', explanation: 'Cards ran under Landlock, a system call filter and limits, without network.' },
};

/** How the cards of a run were kept apart from the machine, for people. */
export const isolationText = (level: IsolationLevel | null | undefined): { label: string; explanation: string } =>
  level ? TEXT[level] : { label: 'not known yet', explanation: 'The runner reports it with the first step.' };
