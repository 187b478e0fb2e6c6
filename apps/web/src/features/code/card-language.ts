/** Brings what is known of the card SDK into Monaco: lists while typing, text under the pointer, parameters of a call. */
import type { CardManifest } from '@ensemble/cards';
import { CARD_SDK } from './card-sdk.ts';
import { monaco } from './monaco-setup.ts';
import { signatureOf } from './python-signatures.ts';
import { callAt, explainAt, suggestAt } from './suggest.ts';
import type { Suggestion } from './suggest.ts';

/** What each open card was when it was last valid. */
const manifests = new WeakMap<monaco.editor.ITextModel, CardManifest>();

export function knowCard(model: monaco.editor.ITextModel, manifest: CardManifest | undefined): void {
  if (manifest) manifests.set(model, manifest);
}

export const manifestOf = (model: monaco.editor.ITextModel): CardManifest | undefined => manifests.get(model);

const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages;
const KINDS: Record<Suggestion['kind'], monaco.languages.CompletionItemKind> = {
  method: CompletionItemKind.Method,
  property: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  snippet: CompletionItemKind.Snippet,
};

export const textBefore = (model: monaco.editor.ITextModel, { lineNumber, column }: monaco.IPosition): string =>
  model.getValueInRange({ startLineNumber: 1, startColumn: 1, endLineNumber: lineNumber, endColumn: column });

monaco.languages.registerCompletionItemProvider('python', {
  triggerCharacters: ['.', '"', "'"],
  provideCompletionItems(model, position) {
    const { startColumn, endColumn } = model.getWordUntilPosition(position);
    const range = { startLineNumber: position.lineNumber, endLineNumber: position.lineNumber, startColumn, endColumn };
    const found = suggestAt(textBefore(model, position), CARD_SDK, manifestOf(model));
    return {
      suggestions: found.map(({ label, kind, insert, detail, doc }, at) => ({
        label,
        kind: KINDS[kind],
        insertText: insert,
        insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet,
        detail,
        documentation: doc,
        // In the order they are told: what a card needs first.
        sortText: String(at).padStart(4, '0'),
        range,
      })),
    };
  },
});

monaco.languages.registerHoverProvider('python', {
  provideHover(model, position) {
    const word = model.getWordAtPosition(position);
    if (!word) return null;
    const before = textBefore(model, { lineNumber: position.lineNumber, column: word.startColumn });
    const line = before.slice(before.lastIndexOf('\n') + 1);
    const found = explainAt(line, word.word, CARD_SDK, manifestOf(model));
    return found ? { contents: [{ value: `\`\`\`python\n${found.code}\n\`\`\`` }, { value: found.doc }] } : null;
  },
});

monaco.languages.registerSignatureHelpProvider('python', {
  signatureHelpTriggerCharacters: ['(', ','],
  provideSignatureHelp(model, position) {
    const call = callAt(textBefore(model, position), CARD_SDK);
    if (!call) return null;
    const { method, parameter } = call;
    const signature = {
      label: signatureOf(method),
      documentation: method.doc,
      parameters: method.parameters.map(({ text }) => ({ label: text })),
    };
    return { value: { signatures: [signature], activeSignature: 0, activeParameter: parameter }, dispose: () => undefined };
  },
});
