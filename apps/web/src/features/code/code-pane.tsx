import { Badge, Button, Skeleton, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ProjectCardEntry } from '@ensemble/protocol';
import { AlignLeft, Eye } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { CardPresence } from '../../shared/session/card-presence.ts';
import type { LiveDocument } from '../../shared/session/live-document.ts';
import type { OpenCode } from './code-editor.tsx';
import classes from './code-pane.module.css';
import { EditorSettings, stateText, useTypeSetting } from './editor-settings.tsx';
import { countFindings, FindingList } from './finding-list.tsx';
import { inOrder } from './finding.ts';
import { formatOpenCode } from './format-code.ts';
import type { TypeView } from './type-check.tsx';
import { endTypeChecker } from './type-checker.ts';
import type { CodeCheck } from './use-code-check.ts';

const ReadOnlyCode = lazy(async () => ({ default: (await import('./code-editor.tsx')).ReadOnlyCode }));
const SharedCode = lazy(async () => ({ default: (await import('./code-editor.tsx')).SharedCode }));
const TypeCheck = lazy(async () => ({ default: (await import('./type-check.tsx')).TypeCheck }));

interface CodePaneProps {
  projectId: string;
  entry: ProjectCardEntry;
  entries: ReadonlyMap<string, ProjectCardEntry>;
  /** Shared, or fixed; undefined while it is opened. */
  source: { live: LiveDocument; presence: CardPresence } | string | undefined;
  readOnly: string | undefined;
  /** A line to go to first. */
  line: number | undefined;
  check: CodeCheck;
  /** Must not change while the component lives. */
  onOpen: (code: OpenCode | undefined) => void;
}

/** The code of a card, what can be done with it, and its problems below it. */
export function CodePane({ projectId, entry, entries, source, readOnly, line, check, onOpen }: CodePaneProps) {
  const [code, setCode] = useState<OpenCode>();
  const [typesOn, setTypesOn] = useTypeSetting();
  const [types, setTypes] = useState<TypeView>();
  const { result, manifest } = check;
  const findings = useMemo(() => result && inOrder([...result.findings, ...(types?.findings ?? [])]), [result, types]);
  const opened = useCallback(
    (next: OpenCode | undefined) => {
      setCode(next);
      onOpen(next);
    },
    [onOpen],
  );
  const mayFormat = readOnly === undefined && code !== undefined;
  const shared = {
    path: entry.path,
    label: `Source of ${entry.path}`,
    errorLine: line,
    findings: result?.findings,
    manifest,
    onOpen: opened,
  };
  return (
    <Group orientation="vertical" id="card-code" className={classes['pane']}>
      <Panel id="text" minSize="120px" className={classes['text']}>
        <div className={classes['bar']}>
          <span className={classes['path']} title={entry.path}>
            {entry.path}
          </span>
          {readOnly === undefined ? null : (
            <Tooltip label={readOnly} multiline maw={280}>
              <Badge variant="default" tt="none" fw={500} leftSection={<Eye size={12} aria-hidden />}>
                {entry.builtIn ? 'built in, read-only' : 'read-only'}
              </Badge>
            </Tooltip>
          )}
          <span className={classes['spacer']} />
          {readOnly === undefined ? <FormatButton code={mayFormat ? code : undefined} /> : null}
          <EditorSettings
            typesOn={typesOn}
            typeState={types?.state}
            onTypes={(on) => {
              setTypesOn(on);
              if (!on) endTypeChecker();
            }}
          />
        </div>
        <div className={classes['editor']}>
          <Suspense fallback={<CodeSkeleton />}>
            {source === undefined ? (
              <CodeSkeleton />
            ) : typeof source === 'string' ? (
              <ReadOnlyCode {...shared} source={source} />
            ) : (
              <SharedCode {...shared} {...source} readOnly={readOnly} />
            )}
          </Suspense>
          {typesOn && code ? (
            <Suspense>
              <TypeCheck projectId={projectId} entry={entry} entries={entries} editor={code.editor} onView={setTypes} />
            </Suspense>
          ) : null}
        </div>
      </Panel>
      <Separator className={classes['separator']} />
      <Panel id="problems" defaultSize="22" minSize="64px" className={classes['problems']}>
        <h2 className={classes['heading']}>
          Problems <span className={classes['count']}>{findings ? countFindings(findings) : ''}</span>
          {typesOn && types?.state.kind !== 'ready' ? <span className={classes['count']}>· {stateText(types?.state)}</span> : null}
        </h2>
        <div className={classes['scroll']}>
          <FindingList
            findings={findings}
            onGoTo={(finding) => {
              const position = { lineNumber: finding.line, column: finding.column };
              code?.editor.setPosition(position);
              code?.editor.revealPositionInCenterIfOutsideViewport(position);
              code?.editor.focus();
            }}
          />
        </div>
      </Panel>
    </Group>
  );
}

function FormatButton({ code }: { code: OpenCode | undefined }) {
  const [busy, setBusy] = useState(false);
  const format = useCallback(async () => {
    if (!code) return;
    setBusy(true);
    try {
      await formatOpenCode(code);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      notifications.show({ color: 'red', title: 'Not formatted', message });
    }
    setBusy(false);
  }, [code]);
  useEffect(() => {
    if (!code) return undefined;
    // Monaco's numbers of Shift, Alt and F: its names for them come with it, and it is loaded later.
    const action = code.editor.addAction({
      id: 'ensemble.format',
      label: 'Format the card',
      keybindings: [SHIFT_ALT_F],
      contextMenuGroupId: '1_modification',
      run: () => void format(),
    });
    return () => action.dispose();
  }, [code, format]);
  return (
    <Tooltip label="Format the code, as Ruff does (Shift+Alt+F)">
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<AlignLeft size={14} aria-hidden />}
        disabled={!code}
        loading={busy}
        onClick={() => void format()}
      >
        Format
      </Button>
    </Tooltip>
  );
}

/** KeyMod.Shift | KeyMod.Alt | KeyCode.KeyF */
const SHIFT_ALT_F = 1024 | 512 | 36;

export function CodeSkeleton() {
  return (
    <div style={{ padding: 14 }} role="status" aria-label="Loading the code">
      {[70, 45, 80, 60, 30, 66].map((width) => (
        <Skeleton key={width} height={10} mt={10} width={`${width}%`} />
      ))}
    </div>
  );
}
