import type { RunDocumentStep } from '@ensemble/protocol';
import { useEffect, useState } from 'react';
import { api } from '../../shared/api/api.ts';
import { ApiFailure } from '../../shared/api/api-client.ts';

export interface StepLog {
  text: string;
  truncated: boolean;
  complete: boolean;
  failure: unknown;
}

const POLL_MS = 700;
const EMPTY: StepLog = { text: '', truncated: false, complete: false, failure: undefined };

/**
 * The log of one attempt, read by ranges until the server says that no more will come.
 * Give the component a new key for another attempt, and when the step ends, for what came in between.
 */
export function useStepLog(runId: string | undefined, nodeId: string, step: RunDocumentStep | undefined): StepLog {
  const [log, setLog] = useState(EMPTY);
  const waiting = step === undefined || step.state === 'pending' || step.state === 'skipped';
  useEffect(() => {
    if (runId === undefined || waiting) return undefined;
    let stopped = false;
    let offset = 0;
    let timer: ReturnType<typeof setTimeout>;
    const read = async () => {
      try {
        const range = await api.log(runId, nodeId, offset);
        if (stopped) return;
        const grew = range.nextOffset > offset;
        offset = range.nextOffset;
        setLog((before) => ({ text: before.text + range.text, truncated: range.truncated, complete: range.complete, failure: undefined }));
        if (!range.complete) timer = setTimeout(() => void read(), grew && offset < range.size ? 0 : POLL_MS);
      } catch (failure) {
        if (stopped) return;
        // "No log yet" is not worth a word; anything else is shown, and asked again.
        if (!(failure instanceof ApiFailure && failure.status === 404)) setLog((before) => ({ ...before, failure }));
        timer = setTimeout(() => void read(), 2 * POLL_MS);
      }
    };
    void read();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [runId, nodeId, waiting]);
  return log;
}
