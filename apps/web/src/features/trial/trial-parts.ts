/** What the panel needs of other features; the page puts it in. */
import type { Problem, ProjectedNode } from '@ensemble/pipeline';
import type { RunDocumentStep } from '@ensemble/protocol';
import type { ComponentType } from 'react';

interface StepProps {
  runId: string | undefined;
  nodeId: string;
  step: RunDocumentStep | undefined;
}

export interface TrialParts {
  /** The form of a node, in a pipeline session. */
  Settings: ComponentType<{ node: ProjectedNode; problems: readonly Problem[] }>;
  Result: ComponentType<StepProps>;
  Log: ComponentType<StepProps>;
  Curves: ComponentType<StepProps>;
  Failure: ComponentType<StepProps & { onShowLine: (line: number) => void }>;
  /** How the card was confined, for people. */
  isolationText(level: string | undefined): { label: string; explanation: string };
}
