import { useComputedColorScheme } from '@mantine/core';
import { Editor } from '@monaco-editor/react';
import { useEffect, useState } from 'react';
import { MonacoBinding } from 'y-monaco';
import * as Y from 'yjs';
import type { LiveDocument } from '../../shared/session/live-document.ts';
import classes from './code.module.css';
import { monaco } from './monaco-setup.ts';

type CodeInstance = monaco.editor.IStandaloneCodeEditor;

const OPTIONS: monaco.editor.IStandaloneEditorConstructionOptions = {
  fontFamily: "'JetBrains Mono Variable', monospace",
  fontSize: 12.5,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  automaticLayout: true,
  lineNumbersMinChars: 3,
  tabSize: 4,
  renderLineHighlight: 'none',
  fixedOverflowWidgets: true,
  padding: { top: 10, bottom: 10 },
};

interface CodeEditorProps {
  /** Names the text in Monaco; one per card. */
  path: string;
  label: string;
  /** 1-based line to show and mark, where an error was raised. */
  errorLine: number | undefined;
}

/** Source that cannot be edited here: a built-in card, or a viewer's look at any card. */
export function ReadOnlyCode({ path, label, errorLine, source }: CodeEditorProps & { source: string }) {
  const [editor, setEditor] = useState<CodeInstance>();
  useErrorLine(editor, errorLine);
  return <Frame path={path} label={label} readOnly value={source} onEditor={setEditor} />;
}

/** The shared source of a project's card. My undo takes back my own typing only. */
export function SharedCode({ path, label, errorLine, live, readOnly }: CodeEditorProps & { live: LiveDocument; readOnly: boolean }) {
  const [editor, setEditor] = useState<CodeInstance>();
  useEffect(() => {
    const model = editor?.getModel();
    if (!editor || !model) return undefined;
    const source = live.doc.getText('source');
    // Offsets count one character per line end; a model with CRLF would shift everybody's edits.
    model.setEOL(monaco.editor.EndOfLineSequence.LF);
    const binding = new MonacoBinding(source, model, new Set([editor]), live.awareness);
    const undo = new Y.UndoManager(source, { trackedOrigins: new Set([binding]) });
    const { KeyMod, KeyCode } = monaco;
    const actions = [
      editor.addAction({ id: 'ensemble.undo', label: 'Undo', keybindings: [KeyMod.CtrlCmd | KeyCode.KeyZ], run: () => void undo.undo() }),
      editor.addAction({
        id: 'ensemble.redo',
        label: 'Redo',
        keybindings: [KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyZ, KeyMod.CtrlCmd | KeyCode.KeyY],
        run: () => void undo.redo(),
      }),
    ];
    return () => {
      for (const action of actions) action.dispose();
      undo.destroy();
      binding.destroy();
    };
  }, [editor, live]);
  useErrorLine(editor, errorLine);
  return <Frame path={path} label={label} readOnly={readOnly} onEditor={setEditor} />;
}

function Frame({
  path,
  label,
  readOnly,
  value,
  onEditor,
}: {
  path: string;
  label: string;
  readOnly: boolean;
  value?: string;
  onEditor: (editor: CodeInstance) => void;
}) {
  const scheme = useComputedColorScheme('light');
  return (
    // React Flow takes the space bar for panning, except below `nokey`: Monaco's input is no input element to it.
    <div className={`${classes['editor']} nokey`}>
      <Editor
        path={path}
        language="python"
        theme={scheme === 'dark' ? 'vs-dark' : 'vs'}
        loading={null}
        {...(value === undefined ? {} : { value })}
        options={{ ...OPTIONS, readOnly, ariaLabel: label }}
        onMount={(editor) => onEditor(editor)}
      />
    </div>
  );
}

function useErrorLine(editor: CodeInstance | undefined, line: number | undefined): void {
  useEffect(() => {
    if (!editor || line === undefined) return undefined;
    const marks = editor.createDecorationsCollection([
      { range: new monaco.Range(line, 1, line, 1), options: { isWholeLine: true, className: classes['errorLine'] ?? '' } },
    ]);
    editor.revealLineInCenter(line);
    return () => marks.clear();
  }, [editor, line]);
}
