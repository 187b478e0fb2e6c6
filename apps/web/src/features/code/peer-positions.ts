/** Places in a shared text that stay with their characters while others type: how they travel, and where they are now. */
import type { CardAwareness } from '@ensemble/protocol';
import * as Y from 'yjs';

export const encodePosition = (text: Y.Text, offset: number): string =>
  btoa(String.fromCharCode(...Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, offset))));

/** Undefined for what is no position in this text: it came over the wire. */
function decodePosition(text: Y.Text, position: string): number | undefined {
  try {
    const bytes = Uint8Array.from(atob(position), (char) => char.charCodeAt(0));
    const found = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(bytes), text.doc!);
    return found?.type === text ? found.index : undefined;
  } catch {
    return undefined;
  }
}

interface Span {
  from: number;
  to: number;
  /** Where the cursor stands: one of both ends. */
  head: number;
}

export const spansOf = ({ selections = [] }: Pick<CardAwareness, 'selections'>, text: Y.Text): Span[] =>
  selections.flatMap((selection) => {
    const [anchor, head] = [decodePosition(text, selection.anchor), decodePosition(text, selection.head)];
    return anchor === undefined || head === undefined ? [] : [{ from: Math.min(anchor, head), to: Math.max(anchor, head), head }];
  });
