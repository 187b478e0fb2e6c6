/** Reading server-written Y.Maps (`project:`, `run:`) as plain values that React can subscribe to. */
import { useMemo, useSyncExternalStore } from 'react';
import * as Y from 'yjs';
import { createStore } from './external-store.ts';
import type { ExternalStore } from './external-store.ts';

const EMPTY: ReadonlyMap<string, never> = new Map<string, never>();

/** All entries of a root map; a new Map object after each change. The server is the only writer, so `T` is trusted. */
export function useYMapEntries<T>(doc: Y.Doc | undefined, root: string): ReadonlyMap<string, T> {
  const source = useMemo(() => {
    if (!doc) return { get: (): ReadonlyMap<string, T> => EMPTY, subscribe: () => () => undefined };
    const map = doc.getMap<T>(root);
    let snapshot: ReadonlyMap<string, T> = new Map(map.entries());
    return {
      get: () => snapshot,
      subscribe(listener: () => void) {
        const refresh = () => {
          snapshot = new Map(map.entries());
          listener();
        };
        refresh();
        map.observe(refresh);
        return () => map.unobserve(refresh);
      },
    };
  }, [doc, root]);
  return useSyncExternalStore(source.subscribe, source.get);
}

/** One store per key: a change of one step wakes only who reads that step. */
export interface KeyedStores<T> {
  of(key: string): ExternalStore<T | undefined>;
  close(): void;
}

export function keyedStores<T>(map: Y.Map<T>): KeyedStores<T> {
  const stores = new Map<string, ExternalStore<T | undefined>>();
  const onChange = (event: Y.YMapEvent<T>) => {
    for (const key of event.keysChanged) stores.get(key as string)?.set(map.get(key as string));
  };
  map.observe(onChange);
  return {
    of(key) {
      let store = stores.get(key);
      if (!store) {
        store = createStore<T | undefined>(map.get(key));
        stores.set(key, store);
      }
      return store;
    },
    close: () => map.unobserve(onChange),
  };
}
