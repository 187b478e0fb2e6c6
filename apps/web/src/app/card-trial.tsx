import { Loader } from '@mantine/core';
import { documentName, isFinalRunState } from '@ensemble/protocol';
import type { ProjectCardEntry, ProjectPipelineEntry, ProjectTrialEntry } from '@ensemble/protocol';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { ConfigFields } from '../features/config/config-fields.tsx';
import { FileField } from '../features/data/file-field.tsx';
import { ErrorTab } from '../features/results/error-tab.tsx';
import { LogTab } from '../features/logs/log-tab.tsx';
import { CurvesPanel } from '../features/metrics/curves-panel.tsx';
import { ResultTab } from '../features/results/result-tab.tsx';
import { isolationText } from '../features/runs/isolation-text.ts';
import type { TrialParts } from '../features/trial/trial-parts.ts';
import { TrialPanel } from '../features/trial/trial-panel.tsx';
import { useSignedIn } from '../shared/api/use-signed-in.ts';
import type { LiveDocument } from '../shared/session/live-document.ts';
import { settled } from '../shared/session/settled.ts';
import { useYMapEntries } from '../shared/session/y-map-values.ts';

const PARTS: TrialParts = {
  Settings: (props) => <ConfigFields {...props} FileField={FileField} />,
  Result: (props) => <ResultTab {...props} bare />,
  Log: LogTab,
  Curves: CurvesPanel,
  Failure: (props) => (
    <ErrorTab {...props} onShowCode={() => props.step?.error?.line !== undefined && props.onShowLine(props.step.error.line)} />
  ),
  isolationText: (level) => isolationText(level as Parameters<typeof isolationText>[0]),
};

/** That somebody runs the card at this moment, where the panel is not in sight. */
export function TrialMark({ cardId, index }: Pick<CardTrialProps, 'cardId'> & { index: LiveDocument }) {
  const trial = useYMapEntries<ProjectTrialEntry>(index.doc, 'trials').get(cardId);
  if (!trial || isFinalRunState(trial.state)) return null;
  return <Loader size={10} aria-label={`${trial.starter.name} is running this card`} />;
}

interface CardTrialProps {
  projectId: string;
  cardId: string;
  /** `project:<id>` */
  index: LiveDocument | undefined;
  /** `card:<id>`; undefined for a built-in card. */
  source: LiveDocument | undefined;
  mayRun: boolean;
  onReveal: (line: number) => void;
  onStart?: () => void;
  onErrorLine?: (line: number | undefined) => void;
}

/** "Run this card" for the card editor: the panel with the parts of other features in it. */
export function CardTrial({ cardId, index, source, ...rest }: CardTrialProps) {
  const user = useSignedIn();
  const entry = useYMapEntries<ProjectCardEntry>(index?.doc, 'cards').get(cardId);
  const trial = useYMapEntries<ProjectTrialEntry>(index?.doc, 'trials').get(cardId);
  const pipelines = useYMapEntries<ProjectPipelineEntry>(index?.doc, 'pipelines');
  const place = usePlace();
  const saved = useCallback(() => settled(() => (source?.facts.get().unsyncedChanges ?? 0) === 0, 3_000), [source]);
  if (!entry) return null;
  const runsStamp = [...pipelines.values()].map(({ latestRun }) => (latestRun ? `${latestRun.runId} ${latestRun.state}` : '')).join();
  return (
    <TrialPanel
      key={`${documentName('card', cardId)} ${place?.nodeId ?? ''}`}
      {...rest}
      place={place}
      entry={entry}
      trial={trial}
      runsStamp={runsStamp}
      userId={user.id}
      saved={saved}
      parts={PARTS}
    />
  );
}

/** The node of the canvas that one came from, as the address says. */
function usePlace() {
  const [params] = useSearchParams();
  const [pipelineId, nodeId] = [params.get('pipeline'), params.get('node')];
  return useMemo(() => (pipelineId && nodeId ? { pipelineId, nodeId } : undefined), [pipelineId, nodeId]);
}
