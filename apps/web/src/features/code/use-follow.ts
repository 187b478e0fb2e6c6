import { useEffect } from 'react';
import type { CardPeer, CardPresence } from '../../shared/session/card-presence.ts';
import type { LiveDocument } from '../../shared/session/live-document.ts';
import type { OpenCode } from './code-editor.tsx';
import { spansOf } from './peer-positions.ts';

/**
 * Shows the part of the file that a colleague sees, and their cursor, for as long as I neither type nor scroll nor click
 * in the code myself.
 */
export function useFollow(
  code: OpenCode | undefined,
  live: LiveDocument | undefined,
  presence: CardPresence,
  userId: string | undefined,
  onOwnMove: () => void,
): void {
  useEffect(() => {
    const node = code?.editor.getDomNode();
    const model = code?.editor.getModel();
    if (!code || !live || !node || !model || userId === undefined) return undefined;
    const { editor } = code;
    const text = live.doc.getText('source');
    const follow = () => {
      const peer = presence.peers.get().find(({ user }: CardPeer) => user.id === userId);
      if (!peer) return;
      if (peer.top !== undefined) editor.setScrollTop(editor.getTopForLineNumber(peer.top));
      const head = spansOf(peer, text)[0]?.head;
      const line = head === undefined ? undefined : model.getPositionAt(head).lineNumber;
      // Their window may be taller than mine.
      const seen = editor.getVisibleRanges()[0];
      if (line !== undefined && seen && (line < seen.startLineNumber || line > seen.endLineNumber)) editor.revealLineInCenter(line);
    };
    follow();
    const forget = presence.peers.subscribe(follow);
    const own = ['wheel', 'pointerdown', 'keydown', 'paste'] as const;
    for (const event of own) node.addEventListener(event, onOwnMove, { capture: true, passive: true });
    return () => {
      forget();
      for (const event of own) node.removeEventListener(event, onOwnMove, { capture: true });
    };
  }, [code, live, presence, userId, onOwnMove]);
}
