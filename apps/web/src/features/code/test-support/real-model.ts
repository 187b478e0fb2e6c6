/** Monaco's own text model without a page around it, with stand-ins for the services of a workbench that it asks for. */
import type * as monaco from 'monaco-editor/editor';

type Parts = Record<string, new (...parts: unknown[]) => monaco.editor.ITextModel>;
// Monaco describes the types of its public entry points only.
const load = async (path: string): Promise<Parts> => (await import(/* @vite-ignore */ path)) as Parts;

const { TextModel } = await load('monaco-editor/editor/common/model/textModel');
const { UndoRedoService } = await load('monaco-editor/platform/undoRedo/common/undoRedoService');
const { LanguageService } = await load('monaco-editor/editor/common/services/languageService');
const { EDITOR_MODEL_DEFAULTS } = (await load('monaco-editor/editor/common/core/misc/textModelDefaults')) as unknown as Record<
  string,
  object
>;

const never = () => ({ dispose: () => undefined });
const configuration = { onDidChange: never, getLanguageConfiguration: () => ({ characterPair: {}, foldingRules: {}, brackets: null }) };
const treeSitter = { supportsLanguage: () => false, getLanguage: () => undefined };

export function createRealModel(text = ''): monaco.editor.ITextModel {
  const undoRedo = new UndoRedoService!({}, { error: () => undefined });
  const language = new LanguageService!();
  const services = {
    createInstance: (Part: new (...parts: unknown[]) => unknown, ...parts: unknown[]) =>
      new Part(...parts, language, configuration, services, treeSitter),
  };
  const options = { ...EDITOR_MODEL_DEFAULTS, isForSimpleWidget: false };
  return new TextModel!(text, 'plaintext', options, null, undoRedo, language, configuration, services);
}
