/** One run as everybody sees it: the document `run:<id>`, one store per step so that a flood of states wakes only badges. */
import { documentName } from '@ensemble/protocol';
import type { RunDocumentMeta, RunDocumentStep } from '@ensemble/protocol';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { createStore } from './external-store.ts';
import type { ExternalStore } from './external-store.ts';
import type { LiveDocument } from './live-document.ts';
import { useLiveDocument } from './use-live-document.ts';
import { useOpened } from './use-opened.ts';
import { useStore } from './use-store.ts';
import { keyedStores, mapEntries, NO_ENTRIES, useYMapEntries } from './y-map-values.ts';
import type { MapEntries } from './y-map-values.ts';

export interface RunView {
  runId: string | undefined;
  meta: RunDocumentMeta | undefined;
  /** By node id. Read by `useSteps` where all are shown; the view itself does not change with them. */
  steps: MapEntries<RunDocumentStep>;
  stepOf(nodeId: string): ExternalStore<RunDocumentStep | undefined>;
  /** Fingerprint of the node as the run pinned it. */
  pinnedOf(nodeId: string): ExternalStore<string | undefined>;
}

const NONE = createStore<undefined>(undefined);
const NO_STORES = {
  stepOf: () => NONE as ExternalStore<RunDocumentStep | undefined>,
  pinnedOf: () => NONE as ExternalStore<string | undefined>,
};
const NO_RUN: RunView = { runId: undefined, meta: undefined, steps: NO_ENTRIES, ...NO_STORES };

export const RunViewContext = createContext<RunView>(NO_RUN);
export const useRunView = (): RunView => useContext(RunViewContext);
/** The states of all steps, by node id: for lists of them. */
export function useSteps(): ReadonlyMap<string, RunDocumentStep> {
  const { steps } = useRunView();
  return useSyncExternalStore(steps.subscribe, steps.get);
}

type Stores = Pick<RunView, 'stepOf' | 'pinnedOf'>;

/** Canvas nodes read this instead of the whole view: its identity changes only with the run. */
export const RunStoresContext = createContext<Stores>(NO_STORES);
export const useStepOf = (nodeId: string) => useStore(useContext(RunStoresContext).stepOf(nodeId));
export const usePinnedOf = (nodeId: string) => useStore(useContext(RunStoresContext).pinnedOf(nodeId));

type OpenStores = Stores & { close(): void };

function openStores({ doc }: LiveDocument): OpenStores {
  const steps = keyedStores<RunDocumentStep>(doc.getMap('steps'));
  const pinned = keyedStores<string>(doc.getMap('pinned'));
  return {
    stepOf: steps.of,
    pinnedOf: pinned.of,
    close() {
      steps.close();
      pinned.close();
    },
  };
}

const closeStores = (stores: OpenStores) => stores.close();

export function useOpenRun(runId: string | undefined): { view: RunView; stores: Stores } {
  const live = useLiveDocument(runId === undefined ? undefined : documentName('run', runId));
  const meta = useYMapEntries<RunDocumentMeta>(live?.doc, 'meta').get('run');
  const steps = useMemo((): MapEntries<RunDocumentStep> => (live ? mapEntries(live.doc.getMap('steps')) : NO_ENTRIES), [live]);
  const stores: Stores = useOpened(live, openStores, closeStores) ?? NO_STORES;
  const view = useMemo(() => ({ runId, meta, steps, ...stores }), [runId, meta, steps, stores]);
  return { view, stores };
}
