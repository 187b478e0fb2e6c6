import type { CardManifest } from '@ensemble/cards';
import { useEffect, useState } from 'react';
import type { CardPresence } from '../../shared/session/card-presence.ts';
import type { LiveDocument } from '../../shared/session/live-document.ts';
import { knowCard } from './card-language.ts';
import { CodeSurface } from './code-surface.tsx';
import type { CodeInstance } from './code-surface.tsx';
import classes from './code.module.css';
import type { Finding } from './finding.ts';
import { monaco } from './monaco-setup.ts';
import { openSharedCursors } from './shared-cursors.ts';
import { bindText } from './text-binding.ts';
import type { TextBinding } from './text-binding.ts';

/** A card's code that can be worked with: what buttons and lists beside the editor need. */
export interface OpenCode {
  editor: CodeInstance;
  /** Undefined for a source that is not shared. */
  binding: TextBinding | undefined;
}

interface CodeEditorProps {
  /** Names the text in Monaco. */
  path: string;
  label: string;
  /** 1-based line to show and mark, where an error was raised. */
  errorLine: number | undefined;
  findings?: readonly Finding[] | undefined;
  /** The card as it last was valid: its fields and ports are offered while typing. */
  manifest?: CardManifest | undefined;
  /** With the code once it is open, and with undefined before it goes. */
  onOpen?: (code: OpenCode | undefined) => void;
}

/** Source that cannot be edited here: a built-in card, or one as a run had it. */
export function ReadOnlyCode({ path, label, errorLine, findings, manifest, source, onOpen }: CodeEditorProps & { source: string }) {
  const [editor, setEditor] = useState<CodeInstance>();
  useErrorLine(editor, errorLine);
  useMarkers(editor, findings);
  useKnownCard(editor, manifest);
  useEffect(() => onOpen?.(editor && { editor, binding: undefined }), [editor, onOpen]);
  return <CodeSurface path={path} label={label} source={source} readOnly="This source cannot be edited here." onEditor={setEditor} />;
}

interface SharedCodeProps extends CodeEditorProps {
  live: LiveDocument;
  presence: CardPresence;
  /** Why nothing can be typed here; undefined where it can. */
  readOnly: string | undefined;
}

/** The shared source of a project's card. My undo takes back my own typing only. */
export function SharedCode({ path, label, errorLine, findings, manifest, live, presence, readOnly, onOpen }: SharedCodeProps) {
  const [editor, setEditor] = useState<CodeInstance>();
  const mayWrite = readOnly === undefined;
  useEffect(() => {
    const model = editor?.getModel();
    if (!editor || !model) return undefined;
    const text = live.doc.getText('source');
    const binding = bindText({ text, model, view: editor, mayWrite });
    const cursors = openSharedCursors(editor, text, presence);
    onOpen?.({ editor, binding });
    return () => {
      onOpen?.(undefined);
      cursors.dispose();
      binding.dispose();
    };
  }, [editor, live, presence, mayWrite, onOpen]);
  useErrorLine(editor, errorLine);
  useMarkers(editor, findings);
  useKnownCard(editor, manifest);
  return <CodeSurface path={path} label={label} readOnly={readOnly} onEditor={setEditor} />;
}

function useMarkers(editor: CodeInstance | undefined, findings: readonly Finding[] | undefined): void {
  useEffect(() => {
    const model = editor?.getModel();
    if (!model || model.isDisposed()) return;
    const { MarkerSeverity, MarkerTag } = monaco;
    const markers = (findings ?? []).map((finding) => ({
      startLineNumber: finding.line,
      startColumn: finding.column,
      endLineNumber: finding.endLine,
      endColumn: finding.endColumn,
      message: finding.message,
      code: finding.code,
      severity: finding.severity === 'error' ? MarkerSeverity.Error : finding.unnecessary ? MarkerSeverity.Hint : MarkerSeverity.Warning,
      ...(finding.unnecessary ? { tags: [MarkerTag.Unnecessary] } : {}),
    }));
    monaco.editor.setModelMarkers(model, 'ensemble', markers);
  }, [editor, findings]);
}

function useKnownCard(editor: CodeInstance | undefined, manifest: CardManifest | undefined): void {
  useEffect(() => {
    const model = editor?.getModel();
    if (model) knowCard(model, manifest);
  }, [editor, manifest]);
}

function useErrorLine(editor: CodeInstance | undefined, line: number | undefined): void {
  useEffect(() => {
    if (!editor || line === undefined) return undefined;
    const marks = editor.createDecorationsCollection([
      { range: new monaco.Range(line, 1, line, 1), options: { isWholeLine: true, className: classes['errorLine'] ?? '' } },
    ]);
    // A shared text arrives after the editor is there.
    const reveal = () => {
      if ((editor.getModel()?.getLineCount() ?? 0) >= line) editor.revealLineInCenter(line);
    };
    reveal();
    const listening = editor.onDidChangeModelContent((event) => {
      if (event.changes.length === 1 && event.changes[0]?.rangeOffset === 0) reveal();
    });
    return () => {
      listening.dispose();
      marks.clear();
    };
  }, [editor, line]);
}
