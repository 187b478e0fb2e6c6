import { useMemo } from 'react';
import { openDocument } from './live-document.ts';
import type { LiveDocument, OpenOptions } from './live-document.ts';
import { useOpened } from './use-opened.ts';

const open = ({ name, options }: { name: string; options: OpenOptions }) => openDocument(name, options);
const close = (live: LiveDocument) => live.close();

/** Opens a document while the component lives. Undefined on the first render and without a name. */
export function useLiveDocument(name: string | undefined, presence = false, offlineKey?: string): LiveDocument | undefined {
  const key = useMemo(
    () => (name === undefined ? undefined : { name, options: { presence, ...(offlineKey === undefined ? {} : { offlineKey }) } }),
    [name, presence, offlineKey],
  );
  return useOpened(key, open, close);
}
