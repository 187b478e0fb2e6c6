/** Monaco from our own bundle: editor core, Python colours, one worker, our two themes. Imported lazily; about 1 MB. */
import * as monaco from 'monaco-editor/editor';
// oxlint-disable-next-line import/default -- the bundler makes it
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/python/register';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

// The colours of `tokens.css`, which Monaco cannot read.
monaco.editor.defineTheme('ensemble-light', {
  base: 'vs',
  inherit: true,
  rules: [{ token: 'comment', foreground: '5b6273' }],
  colors: {
    'editor.background': '#ffffff',
    'editor.foreground': '#1a1d26',
    'editorLineNumber.foreground': '#6f7686',
    'editorLineNumber.activeForeground': '#1a1d26',
    'editorCursor.foreground': '#4654d9',
    'editor.selectionBackground': '#d6daf9',
    'editorWidget.background': '#ffffff',
    'editorWidget.border': '#c9ced8',
    'editorSuggestWidget.selectedBackground': '#eceefd',
    'editorSuggestWidget.selectedForeground': '#1a1d26',
    'editorSuggestWidget.highlightForeground': '#4654d9',
    'editorSuggestWidget.focusHighlightForeground': '#4654d9',
    focusBorder: '#4654d9',
  },
});
monaco.editor.defineTheme('ensemble-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [{ token: 'comment', foreground: 'a0a7b8' }],
  colors: {
    'editor.background': '#1a1d24',
    'editor.foreground': '#e8eaf0',
    'editorLineNumber.foreground': '#8a92a5',
    'editorLineNumber.activeForeground': '#e8eaf0',
    'editorCursor.foreground': '#8d98ff',
    'editor.selectionBackground': '#373f78',
    'editorWidget.background': '#20242d',
    'editorWidget.border': '#414858',
    'editorSuggestWidget.selectedBackground': '#262b4d',
    'editorSuggestWidget.selectedForeground': '#e8eaf0',
    'editorSuggestWidget.highlightForeground': '#8d98ff',
    'editorSuggestWidget.focusHighlightForeground': '#8d98ff',
    focusBorder: '#8d98ff',
  },
});

export { monaco };
