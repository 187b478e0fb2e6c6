/** Monaco from our own bundle: editor core, Python colours, one worker. Imported lazily; about 1 MB. */
import { loader } from '@monaco-editor/react';
import * as monaco from 'monaco-editor/editor';
// oxlint-disable-next-line import/default -- the bundler makes it
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/python/register';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };
// Without this the loader would fetch Monaco from a CDN.
loader.config({ monaco: monaco as never });

export { monaco };
