import { Alert, Button, Tabs } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { CardManifest } from '@ensemble/cards';
import type { Project, ProjectCardEntry } from '@ensemble/protocol';
import { Copy, FileX, TriangleAlert } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { CardFace } from '../features/canvas/card-face.tsx';
import type { CodeCheck } from '../features/code/use-code-check.ts';
import { ConfigTab } from '../features/config/config-tab.tsx';
import { FileField } from '../features/data/file-field.tsx';
import { EnvironmentStatus } from '../features/environments/environment-status.tsx';
import { sentenceOf } from '../shared/api/api-client.ts';
import { api } from '../shared/api/api.ts';
import type { LiveDocument } from '../shared/session/live-document.ts';
import { PipelineSessionContext, useGraphView, useOpenPipelineSession } from '../shared/session/pipeline-session.ts';
import { openSamplePipeline, SAMPLE_NODE } from '../shared/session/sample-pipeline.ts';
import { useOpened } from '../shared/session/use-opened.ts';
import { cardAddress } from '../shared/ui/card-address.ts';
import { EmptyState } from '../shared/ui/empty-state.tsx';
import classes from './card-page.module.css';
import { CardTrial, TrialMark } from './card-trial.tsx';
import { CardUsesList } from './card-uses-list.tsx';

interface CardSideProps {
  project: Project;
  entry: ProjectCardEntry;
  entries: ReadonlyMap<string, ProjectCardEntry>;
  check: CodeCheck;
  mayEdit: boolean;
  /** `project:<id>` */
  index: LiveDocument;
  /** `card:<id>`; undefined for a built-in card. */
  source: LiveDocument | undefined;
  onReveal: (line: number) => void;
  onErrorLine: (line: number | undefined) => void;
}

/** Beside the code: the card as the canvas will show it, running it, and where it is used. */
export function CardSide({ project, entry, check, mayEdit, index, source, onReveal, onErrorLine }: CardSideProps) {
  const [tab, setTab] = useState<string | null>('card');
  const showRun = useCallback(() => setTab('run'), []);
  const isDraft = check.result !== undefined && !check.result.valid;
  return (
    <aside className={classes['side']} aria-label="The card">
      <Tabs className={classes['sideTabs']} value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List px="sm">
          <Tabs.Tab value="card">Card</Tabs.Tab>
          <Tabs.Tab value="run">
            Run <TrialMark cardId={entry.cardId} index={index} />
          </Tabs.Tab>
          <Tabs.Tab value="uses">Used in</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="card" className={classes['sideBody']}>
          {entry.builtIn && mayEdit ? <CopyBuiltIn project={project} entry={entry} /> : null}
          {isDraft ? (
            <Alert
              className={classes['draft']}
              color="orange"
              variant="light"
              icon={<TriangleAlert size={16} aria-hidden />}
              title="This draft has errors"
            >
              {check.manifest
                ? 'Everybody goes on with the last valid version, which is shown here, until the errors below the code are mended.'
                : 'It is kept, and appears in the palette as soon as the errors below the code are mended.'}
            </Alert>
          ) : null}
          <EnvironmentStatus projectId={project.id} index={index} setId={entry.environment} mayEdit={mayEdit} />
          {check.manifest ? (
            <CardPreview key={check.manifest.cardType} project={project} entry={entry} manifest={check.manifest} />
          ) : isDraft ? null : (
            <EmptyState compact icon={FileX} title="Reading the card">
              Its ports and its form are shown here.
            </EmptyState>
          )}
        </Tabs.Panel>
        {/* Kept, so that the keys that run the card work wherever people are. */}
        <Tabs.Panel value="run" keepMounted className={classes['sideBody']}>
          <CardTrial
            projectId={project.id}
            cardId={entry.cardId}
            index={index}
            source={source}
            mayRun={mayEdit}
            onReveal={onReveal}
            onErrorLine={onErrorLine}
            onStart={showRun}
          />
        </Tabs.Panel>
        <Tabs.Panel value="uses" className={classes['sideBody']}>
          <CardUsesList projectId={project.id} entry={entry} mayEdit={mayEdit} />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}

const closeSample = (live: LiveDocument) => live.close();

/** Drawn by what draws canvases and forms, around a node that only this page knows: what is typed into the form stays here. */
function CardPreview({ project, entry, manifest }: { project: Project; entry: ProjectCardEntry; manifest: CardManifest }) {
  const live = useOpened(manifest.cardType, openSamplePipeline, closeSample);
  const cards = useMemo(() => new Map([[manifest.cardType, { ...entry, manifest, diagnostics: [] }]]), [entry, manifest]);
  const session = useOpenPipelineSession({ pipelineId: 'sample', projectId: project.id, live, cards, canEdit: true });
  if (!session) return null;
  return (
    <PipelineSessionContext value={session}>
      <div className={classes['face']}>
        <CardFace label={faceLabel(manifest)} />
      </div>
      <Facts manifest={manifest} />
      <h2 className={classes['heading']}>Its form, to try</h2>
      <SampleForm />
    </PipelineSessionContext>
  );
}

const portList = (ports: CardManifest['inputs']): string => ports.map(({ name, type }) => `${name} (${type})`).join(', ') || 'none';
const faceLabel = ({ displayName, inputs, outputs }: CardManifest): string =>
  `${displayName} on the canvas. Inputs: ${portList(inputs)}. Outputs: ${portList(outputs)}.`;

function Facts({ manifest }: { manifest: CardManifest }) {
  const { category, resources, requirements, outputViewType } = manifest;
  const needs = [
    ...(resources.gpu > 0 ? [`${resources.gpu} GPU`] : []),
    ...(resources.network.length > 0 ? [`network: ${resources.network.join(', ')}`] : []),
    ...requirements,
  ];
  return (
    <dl className={classes['facts']}>
      <dt>Category</dt>
      <dd>{category}</dd>
      <dt>Result shown as</dt>
      <dd>{outputViewType}</dd>
      {needs.length > 0 ? (
        <>
          <dt>Needs</dt>
          <dd>{needs.join(', ')}</dd>
        </>
      ) : null}
    </dl>
  );
}

function SampleForm() {
  const { graph } = useGraphView();
  const node = graph.nodes.find(({ id }) => id === SAMPLE_NODE);
  // That nothing is connected here is no problem of the card.
  const problems = graph.problems.filter(({ field }) => field !== undefined);
  return node ? <ConfigTab node={node} problems={problems} FileField={FileField} /> : null;
}

function CopyBuiltIn({ project, entry }: { project: Project; entry: ProjectCardEntry }) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [copied, setCopied] = useState<string>();
  useEffect(() => {
    if (copied !== undefined) void navigate(cardAddress(project.id, copied));
  }, [copied, navigate, project.id]);
  const copy = async () => {
    setBusy(true);
    try {
      const { files } = await api.copyCard(project.id, entry.cardId);
      setCopied(files[0]?.cardId);
    } catch (error) {
      notifications.show({ color: 'red', title: 'The card was not copied', message: sentenceOf(error) });
    }
    setBusy(false);
  };
  return (
    <div className={classes['banner']}>
      <span>This card comes with Ensemble and cannot be changed.</span>
      <Button size="compact-sm" leftSection={<Copy size={13} aria-hidden />} loading={busy} onClick={() => void copy()}>
        Copy into this project
      </Button>
    </div>
  );
}
