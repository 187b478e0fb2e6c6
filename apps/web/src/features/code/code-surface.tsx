import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import classes from './code.module.css';
import { monaco } from './monaco-setup.ts';

export type CodeInstance = monaco.editor.IStandaloneCodeEditor;

const OPTIONS: monaco.editor.IStandaloneEditorConstructionOptions = {
  fontFamily: "'JetBrains Mono Variable', monospace",
  fontSize: 12.5,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  automaticLayout: true,
  lineNumbersMinChars: 3,
  tabSize: 4,
  detectIndentation: false,
  renderLineHighlight: 'none',
  fixedOverflowWidgets: true,
  padding: { top: 10, bottom: 10 },
  // It would take characters out of a text that others see, after a question to one person.
  unusualLineTerminators: 'off',
  // Words of the file are noise beside what the card SDK offers.
  wordBasedSuggestions: 'off',
  quickSuggestions: { other: true, comments: false, strings: true },
  occurrencesHighlight: 'singleFile',
  scrollbar: { alwaysConsumeMouseWheel: false },
};

interface CodeSurfaceProps {
  /** Names the text in Monaco. */
  path: string;
  label: string;
  /** What the text is at first. */
  source?: string;
  /** Why nothing can be typed here; undefined where it can. */
  readOnly?: string | undefined;
  /** With the editor once it is there, and with undefined before it goes. Must not change while the component lives. */
  onEditor: (editor: CodeInstance | undefined) => void;
}

let surfaces = 0;

/** One Monaco with a text of its own, both gone with the component. Knows nothing of sharing. */
export function CodeSurface({ path, label, source = '', readOnly, onEditor }: CodeSurfaceProps) {
  const scheme = useComputedColorScheme('light');
  const place = useRef<HTMLDivElement>(null);
  const [made, setMade] = useState<CodeInstance>();
  useEffect(() => monaco.editor.setTheme(scheme === 'dark' ? 'ensemble-dark' : 'ensemble-light'), [scheme]);
  useEffect(() => {
    surfaces += 1;
    const uri = monaco.Uri.from({ scheme: 'card', authority: String(surfaces), path: `/${path}` });
    const model = monaco.editor.createModel(source, 'python', uri);
    const editor = monaco.editor.create(place.current!, { ...OPTIONS, model });
    // oxlint-disable-next-line react/set-state-in-effect -- making an editor has effects, so it cannot happen while rendering
    setMade(editor);
    onEditor(editor);
    return () => {
      onEditor(undefined);
      setMade(undefined);
      editor.dispose();
      model.dispose();
    };
  }, [path, source, onEditor]);
  useEffect(
    () =>
      made?.updateOptions({
        readOnly: readOnly !== undefined,
        ariaLabel: label,
        ...(readOnly === undefined ? {} : { readOnlyMessage: { value: readOnly } }),
      }),
    [made, label, readOnly],
  );
  // React Flow takes the space bar for panning, except below `nokey`: Monaco's input is no input element to it.
  return <div ref={place} className={`${classes['editor']} nokey`} />;
}
