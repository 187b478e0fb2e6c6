/** Brings what the type checker knows into Monaco. What our own lists of the card SDK say is left to them. */
import { CARD_SDK } from './card-sdk.ts';
import { manifestOf, textBefore } from './card-language.ts';
import { monaco } from './monaco-setup.ts';
import { callAt, explainAt, suggestAt } from './suggest.ts';
import type { Place, TypeQuestion } from './type-protocol.ts';

interface TypedModel {
  path: string;
  /** Null where nothing is known, and until the checker is there. */
  ask(question: TypeQuestion): Promise<unknown>;
}

const models = new WeakMap<monaco.editor.ITextModel, TypedModel>();

/** Returns how to stop. */
export function answerTypesOf(model: monaco.editor.ITextModel, typed: TypedModel): () => void {
  models.set(model, typed);
  return () => void models.delete(model);
}

interface LspRange {
  start: Place;
  end: Place;
}
type LspText = string | { value: string };
interface LspItem {
  label: string;
  kind?: number;
  sortText?: string;
  filterText?: string;
  insertText?: string;
  textEdit?: { newText: string; range?: LspRange };
  detail?: string;
  documentation?: LspText;
  labelDetails?: { detail?: string; description?: string };
}
interface LspSignatures {
  signatures: {
    label: string;
    documentation?: LspText;
    parameters?: { label: string | [number, number]; documentation?: LspText }[];
    activeParameter?: number;
  }[];
  activeSignature?: number;
  activeParameter?: number;
}

const { CompletionItemKind: Kind } = monaco.languages;
/** In the order of the protocol, which counts from 1. */
const KINDS = [
  Kind.Text,
  Kind.Method,
  Kind.Function,
  Kind.Constructor,
  Kind.Field,
  Kind.Variable,
  Kind.Class,
  Kind.Interface,
  Kind.Module,
  Kind.Property,
  Kind.Unit,
  Kind.Value,
  Kind.Enum,
  Kind.Keyword,
];

const placeOf = ({ lineNumber, column }: monaco.IPosition): Place => ({ line: lineNumber - 1, character: column - 1 });
const rangeOf = ({ start, end }: LspRange): monaco.IRange => ({
  startLineNumber: start.line + 1,
  startColumn: start.character + 1,
  endLineNumber: end.line + 1,
  endColumn: end.character + 1,
});
const markdown = (text: LspText | undefined): monaco.IMarkdownString | undefined =>
  text === undefined ? undefined : { value: typeof text === 'string' ? text : text.value };

/** What was offered, for its docs. */
const offered = new WeakMap<monaco.languages.CompletionItem, { typed: TypedModel; item: LspItem }>();

monaco.languages.registerCompletionItemProvider('python', {
  triggerCharacters: ['.', '['],
  async provideCompletionItems(model, position) {
    const typed = models.get(model);
    if (!typed) return null;
    const ours = new Set(suggestAt(textBefore(model, position), CARD_SDK, manifestOf(model)).map(({ label }) => label));
    const { startColumn, endColumn } = model.getWordUntilPosition(position);
    const found = (await typed.ask({ about: 'completion', path: typed.path, place: placeOf(position) })) as
      { items: LspItem[]; isIncomplete?: boolean } | LspItem[] | null;
    if (!found) return null;
    const items = Array.isArray(found) ? found : found.items;
    const word = { startLineNumber: position.lineNumber, endLineNumber: position.lineNumber, startColumn, endColumn };
    const suggestions = items
      .filter(({ label }) => !ours.has(label))
      .map((item): monaco.languages.CompletionItem => {
        const suggestion: monaco.languages.CompletionItem = {
          label: item.labelDetails ? { label: item.label, ...item.labelDetails } : item.label,
          kind: KINDS[(item.kind ?? 1) - 1] ?? Kind.Text,
          insertText: item.textEdit?.newText ?? item.insertText ?? item.label,
          range: item.textEdit?.range ? rangeOf(item.textEdit.range) : word,
          // Behind what a card needs.
          sortText: `9${item.sortText ?? item.label}`,
          ...(item.filterText === undefined ? {} : { filterText: item.filterText }),
          ...(item.detail === undefined ? {} : { detail: item.detail }),
        };
        offered.set(suggestion, { typed, item });
        return suggestion;
      });
    return { suggestions, incomplete: !Array.isArray(found) && found.isIncomplete === true };
  },
  async resolveCompletionItem(suggestion) {
    const from = offered.get(suggestion);
    if (!from) return suggestion;
    const full = (await from.typed.ask({ about: 'docs', item: from.item })) as LspItem | null;
    const documentation = markdown(full?.documentation);
    return { ...suggestion, ...(documentation ? { documentation } : {}) };
  },
});

monaco.languages.registerHoverProvider('python', {
  async provideHover(model, position) {
    const typed = models.get(model);
    const word = model.getWordAtPosition(position);
    if (!typed || !word) return null;
    const before = textBefore(model, { lineNumber: position.lineNumber, column: word.startColumn });
    if (explainAt(before.slice(before.lastIndexOf('\n') + 1), word.word, CARD_SDK, manifestOf(model))) return null;
    const found = (await typed.ask({ about: 'hover', path: typed.path, place: placeOf(position) })) as { contents: LspText } | null;
    const contents = markdown(found?.contents);
    return contents ? { contents: [contents] } : null;
  },
});

monaco.languages.registerSignatureHelpProvider('python', {
  signatureHelpTriggerCharacters: ['(', ','],
  async provideSignatureHelp(model, position) {
    const typed = models.get(model);
    if (!typed || callAt(textBefore(model, position), CARD_SDK)) return null;
    const found = (await typed.ask({ about: 'signature', path: typed.path, place: placeOf(position) })) as LspSignatures | null;
    if (!found || found.signatures.length === 0) return null;
    const withDocs = (text: LspText | undefined) => {
      const documentation = markdown(text);
      return documentation ? { documentation } : {};
    };
    const active = found.signatures[found.activeSignature ?? 0];
    return {
      value: {
        signatures: found.signatures.map(({ label, documentation, parameters = [] }) => ({
          label,
          parameters: parameters.map((one) => ({ label: one.label, ...withDocs(one.documentation) })),
          ...withDocs(documentation),
        })),
        activeSignature: found.activeSignature ?? 0,
        activeParameter: active?.activeParameter ?? found.activeParameter ?? 0,
      },
      dispose: () => undefined,
    };
  },
});
