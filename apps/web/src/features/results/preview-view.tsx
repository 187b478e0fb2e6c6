import { Alert, Skeleton } from '@mantine/core';
import type { OutputArtifact, WireValue } from '@ensemble/protocol';
import { Info } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { api } from '../../shared/api/api.ts';
import { cellText, jsonText } from './cell-text.ts';
import { HtmlFrame } from './html-frame.tsx';
import { MatrixView } from './matrix-view.tsx';
import type { FactGroup, PreviewShape } from './preview-shape.ts';
import { PreviewTable } from './preview-table.tsx';
import classes from './results.module.css';

// Both bring much code that most previews do not need.
const ChartView = lazy(() => import('./chart-view.tsx'));
const MarkdownText = lazy(() => import('../../shared/ui/markdown-text.tsx'));

/** Draws a preview. What a card produced becomes text nodes, bitmaps, sanitised markdown or a frame without any right; never markup of this page. */
export function PreviewView({
  shape,
  artifacts,
  runId,
  nodeId,
}: {
  shape: PreviewShape;
  artifacts: readonly OutputArtifact[];
  runId: string;
  nodeId: string;
}) {
  switch (shape.kind) {
    case 'tables':
      return (
        <>
          {shape.tables.map((table, index) => (
            <PreviewTable key={table.title ?? index} table={table} />
          ))}
          {shape.notes.length > 0 ? <Facts group={{ facts: shape.notes }} /> : null}
        </>
      );
    case 'metrics':
      return (
        <>
          <Tiles tiles={shape.tiles} />
          {shape.matrices.map((matrix) => (
            <MatrixView key={matrix.title} matrix={matrix} />
          ))}
          {shape.charts.map((spec, index) => (
            <Suspense key={index} fallback={<Skeleton height={240} radius="md" />}>
              <ChartView spec={spec} />
            </Suspense>
          ))}
          {shape.chartRef === undefined ? null : (
            <SavedImage reference={shape.chartRef} artifacts={artifacts} runId={runId} nodeId={nodeId} />
          )}
          {shape.groups.map((group, index) => (
            <Facts key={group.title ?? index} group={group} />
          ))}
          {shape.tables.map((table, index) => (
            <PreviewTable key={table.title ?? index} table={table} />
          ))}
        </>
      );
    case 'model':
      return (
        <section aria-label="Model">
          <p className={classes['model']}>{shape.modelType}</p>
          {shape.groups.map((group, index) => (
            <Facts key={group.title ?? index} group={group} />
          ))}
        </section>
      );
    case 'text':
      return (
        <Suspense fallback={<Skeleton height={120} radius="md" />}>
          <MarkdownText text={shape.text} />
        </Suspense>
      );
    case 'image':
      return <img className={classes['image']} src={shape.source} alt="Made by this card" />;
    case 'image-artifact':
      return <SavedImage reference={shape.reference} artifacts={artifacts} runId={runId} nodeId={nodeId} />;
    case 'chart':
      return (
        <Suspense fallback={<Skeleton height={240} radius="md" />}>
          <ChartView spec={shape.spec} />
        </Suspense>
      );
    case 'html':
      return <HtmlFrame html={shape.html} />;
    default:
      return <JsonView value={shape.value} warning={shape.warning} />;
  }
}

interface SavedImageProps {
  reference: string;
  artifacts: readonly OutputArtifact[];
  runId: string;
  nodeId: string;
}

function SavedImage({ reference, artifacts, runId, nodeId }: SavedImageProps) {
  const saved = artifacts.find(({ ref, key }) => ref === reference || key === reference || ref.endsWith(`/${reference}`));
  if (saved)
    return <img className={classes['image']} src={api.artifactUrl(runId, nodeId, saved.key)} alt={saved.key.replaceAll('_', ' ')} />;
  return (
    <Alert color="orange" variant="light" icon={<Info size={16} aria-hidden />}>
      The preview names the image “{cellText(reference)}”, which this step did not save.
    </Alert>
  );
}

function Tiles({ tiles }: { tiles: { name: string; value: WireValue }[] }) {
  if (tiles.length === 0) return null;
  return (
    <dl className={classes['tiles']} aria-label="Metrics">
      {tiles.map(({ name, value }) => (
        <div key={name} className={classes['tile']}>
          <dt title={name}>{name}</dt>
          <dd title={typeof value === 'number' ? String(value) : undefined}>{cellText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Facts({ group }: { group: FactGroup }) {
  return (
    <section aria-label={group.title ?? 'Details'}>
      {group.title ? <h3 className={classes['heading']}>{group.title}</h3> : null}
      <dl className={classes['facts']}>
        {group.facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={typeof value === 'number' ? String(value) : undefined}>{cellText(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function JsonView({ value, warning }: { value: WireValue; warning: string | undefined }) {
  const text = jsonText(value);
  const limit = 100_000;
  return (
    <>
      {warning ? (
        <Alert color="orange" variant="light" icon={<Info size={16} aria-hidden />}>
          {warning} It is shown as JSON.
        </Alert>
      ) : null}
      <pre className={classes['text']}>
        {text.length > limit ? `${text.slice(0, limit)}\n… ${text.length - limit} more characters` : text}
      </pre>
    </>
  );
}
