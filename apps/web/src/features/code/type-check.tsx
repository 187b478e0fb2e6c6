import { useDebouncedValue } from '@mantine/hooks';
import type { ProjectCardEntry } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { api } from '../../shared/api/api.ts';
import type { CodeInstance } from './code-surface.tsx';
import type { Finding } from './finding.ts';
import { monaco } from './monaco-setup.ts';
import { typeCheckerOf } from './type-checker.ts';
import type { TypeCheckState } from './type-checker.ts';
import { answerTypesOf } from './type-language.ts';

export interface TypeView {
  state: TypeCheckState;
  findings: readonly Finding[];
}

interface TypeCheckProps {
  projectId: string;
  entry: ProjectCardEntry;
  entries: ReadonlyMap<string, ProjectCardEntry>;
  editor: CodeInstance;
  /** With undefined when it ends. Must not change while the component lives. */
  onView: (view: TypeView | undefined) => void;
}

const NO_FINDINGS: readonly Finding[] = [];
const TELL_AFTER_MS = 150;
/** While a colleague types in another file, its source need not come with each letter. */
const OTHERS_AFTER_MS = 3_000;

/** Draws nothing: while it is there, the type checker knows the card, and Monaco asks it. */
export function TypeCheck({ projectId, entry: { cardId, path }, entries, editor, onView }: TypeCheckProps) {
  const stampNow = useMemo(
    () =>
      [...entries.values()]
        .filter((one) => !one.builtIn && one.cardId !== cardId)
        .map((one) => `${one.path} ${one.sourceHash}`)
        .join('\n'),
    [entries, cardId],
  );
  const [stamp] = useDebouncedValue(stampNow, OTHERS_AFTER_MS);
  const others = useQuery({
    queryKey: ['projects', projectId, 'card-sources', stamp],
    queryFn: () => api.cardSources(projectId),
    staleTime: Infinity,
    gcTime: OTHERS_AFTER_MS,
    placeholderData: (before) => before,
  });
  const [state, setState] = useState<TypeCheckState>({ kind: 'loading' });
  const [findings, setFindings] = useState(NO_FINDINGS);
  const failed = others.isError;
  useEffect(() => {
    // Without them imports of other files are unknown, and the rest works.
    if (others.data || failed) typeCheckerOf(projectId).know(Object.fromEntries((others.data ?? []).map((one) => [one.path, one.source])));
  }, [projectId, others.data, failed]);
  useEffect(() => {
    const model = editor.getModel();
    if (!model) return undefined;
    const checker = typeCheckerOf(projectId);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      timer = undefined;
      if (!model.isDisposed()) checker.tell(path, model.getValue());
    };
    const tellSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(tell, TELL_AFTER_MS);
    };
    const unwatch = checker.watch(path, {
      onState: setState,
      onFindings(found) {
        setFindings(found);
        monaco.editor.setModelMarkers(model, 'types', found.map(markerOf));
      },
    });
    const stopAnswering = answerTypesOf(model, {
      path,
      ask(question) {
        if (timer !== undefined) {
          clearTimeout(timer);
          tell();
        }
        return checker.ask(question);
      },
    });
    tell();
    const listening = model.onDidChangeContent(tellSoon);
    return () => {
      clearTimeout(timer);
      listening.dispose();
      stopAnswering();
      unwatch();
      if (!model.isDisposed()) monaco.editor.setModelMarkers(model, 'types', []);
      setFindings(NO_FINDINGS);
    };
  }, [editor, projectId, path]);
  useEffect(() => onView({ state, findings }), [state, findings, onView]);
  useEffect(() => () => onView(undefined), [onView]);
  return null;
}

const markerOf = (finding: Finding): monaco.editor.IMarkerData => ({
  startLineNumber: finding.line,
  startColumn: finding.column,
  endLineNumber: finding.endLine,
  endColumn: finding.endColumn,
  message: finding.message,
  code: finding.code,
  source: 'types',
  severity: monaco.MarkerSeverity.Info,
});
