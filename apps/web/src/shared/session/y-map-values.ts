/** Reading server-written Y.Maps (`project:`, `run:`) as plain values that React can subscribe to. */
import { useMemo, useSyncExternalStore } from 'react';
import * as Y from 'yjs';
import { createStore } from './external-store.ts';
import type { ExternalStore } from './external-store.ts';
import { onceAFrame } from './once-a-frame.ts';

const EMPTY: ReadonlyMap<string, never> = new Map<string, never>();

export interface MapEntries<T> {
  get(): ReadonlyMap<string, T>;
  subscribe(listener: () => void): () => void;
}
export const NO_ENTRIES: MapEntries<never> = { get: () => EMPTY, subscribe: () => () => undefined };

/** All entries of a map; a new Map object after the changes of a frame. Reads nothing while nobody listens. */
export function mapEntries<T>(map: Y.Map<T>): MapEntries<T> {
  let snapshot: ReadonlyMap<string, T> = new Map(map.entries());
  return {
    get: () => snapshot,
    subscribe(listener: () => void) {
      const refresh = () => {
        snapshot = new Map(map.entries());
        listener();
      };
      const { ask, cancel } = onceAFrame(refresh);
      refresh();
      map.observe(ask);
      return () => {
        map.unobserve(ask);
        cancel();
      };
    },
  };
}

/** The server is the only writer, so `T` is trusted. */
export function useYMapEntries<T>(doc: Y.Doc | undefined, root: string): ReadonlyMap<string, T> {
  const source = useMemo((): MapEntries<T> => (doc ? mapEntries(doc.getMap<T>(root)) : NO_ENTRIES), [doc, root]);
  return useSyncExternalStore(source.subscribe, source.get);
}

/** One store per key: a change of one step wakes only who reads that step, and once a frame at most. */
export interface KeyedStores<T> {
  of(key: string): ExternalStore<T | undefined>;
  close(): void;
}

export function keyedStores<T>(map: Y.Map<T>): KeyedStores<T> {
  const stores = new Map<string, ExternalStore<T | undefined>>();
  const changed = new Set<string>();
  const { ask, cancel } = onceAFrame(() => {
    for (const key of changed) stores.get(key)?.set(map.get(key));
    changed.clear();
  });
  const onChange = (event: Y.YMapEvent<T>) => {
    for (const key of event.keysChanged) changed.add(key as string);
    ask();
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
    close() {
      map.unobserve(onChange);
      cancel();
    },
  };
}
