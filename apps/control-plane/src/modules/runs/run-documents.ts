/**
 * Writes runs into their documents, at most one edit per run and interval, and its end at once. Everything it shows is committed before.
 * A document it could not write stays due; ignores what runs do.
 */
import { documentName, isFinalRunState } from '@ensemble/protocol';
import { pinnedFingerprints } from '@ensemble/pipeline';
import type { Documents, LatestRun, Log } from './ports.ts';
import type { StepNote } from './run-document.ts';
import { metaEntry, stepEntry } from './run-document.ts';
import { trialEntry } from './trials/trial-entry.ts';
import type { LoadedRun } from './run-repository.ts';

/** Progress and places in the queue are written this much less often than states. */
const NOTE_INTERVALS = 5;

export interface RunDocumentsPorts {
  documents: Documents;
  log: Log;
  /** A run began or changed its state. */
  onLatestRun(latest: LatestRun): Promise<void>;
  /** Milliseconds between two edits of one document; also the pause after a failure, times twenty. */
  intervalMs: number;
}

interface Due {
  loaded: LoadedRun;
  nodes: Set<string>;
  meta: boolean;
  pinned: boolean;
  notes: Map<string, StepNote>;
  timer: NodeJS.Timeout | undefined;
  /** When the timer fires, by the monotonic clock. */
  timerAt: number;
  writing: Promise<void> | undefined;
}

export class RunDocuments {
  readonly #ports: RunDocumentsPorts;
  readonly #due = new Map<string, Due>();
  #stopped = false;

  constructor(ports: RunDocumentsPorts) {
    this.#ports = ports;
  }

  /** The run as committed, and what of it is new. */
  show(loaded: LoadedRun, nodeIds: Iterable<string>, meta: boolean): void {
    const due = this.#dueOf(loaded);
    due.loaded = loaded;
    due.meta ||= meta;
    for (const nodeId of nodeIds) {
      due.nodes.add(nodeId);
      const note = due.notes.get(nodeId);
      const { state } = loaded.run.steps.get(nodeId)!.phase;
      if (note && state !== 'queued' && state !== 'running') due.notes.delete(nodeId);
    }
    // A run ends once: somebody looks at it and waits for just that.
    this.#schedule(due, meta && isFinalRunState(loaded.run.state) ? 0 : this.#ports.intervalMs);
  }

  /** Everything, as for a new run or one whose document may be behind. */
  showAll(loaded: LoadedRun): void {
    this.#dueOf(loaded).pinned = true;
    this.show(loaded, loaded.run.steps.keys(), true);
  }

  /** Adds to what is known of a step beside the database. */
  note(loaded: LoadedRun, nodeId: string, note: StepNote): void {
    if (!loaded.run.steps.has(nodeId)) return;
    const due = this.#dueOf(loaded);
    const before = due.notes.get(nodeId);
    const after = { ...before, ...note };
    if (before && before.reason === after.reason && before.position === after.position && before.progress === after.progress) return;
    due.notes.set(nodeId, after);
    due.nodes.add(nodeId);
    // Every edit is a row of the journal; what a card says of itself may come a thousand times a second.
    this.#schedule(due, this.#ports.intervalMs * NOTE_INTERVALS);
  }

  noteOf(runId: string, nodeId: string): StepNote | undefined {
    return this.#due.get(runId)?.notes.get(nodeId);
  }

  /** Writes what is due now, once. What cannot be written is reconciled at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const due of this.#due.values()) {
      clearTimeout(due.timer);
      await due.writing;
      await this.#write(due);
    }
  }

  #dueOf(loaded: LoadedRun): Due {
    const { runId } = loaded.run;
    let due = this.#due.get(runId);
    if (!due) {
      due = { loaded, nodes: new Set(), meta: false, pinned: false, notes: new Map(), timer: undefined, timerAt: 0, writing: undefined };
      this.#due.set(runId, due);
    }
    return due;
  }

  #schedule(due: Due, delayMs: number): void {
    if (this.#stopped || due.writing) return;
    const at = performance.now() + delayMs;
    if (due.timer !== undefined && due.timerAt <= at) return;
    clearTimeout(due.timer);
    due.timerAt = at;
    due.timer = setTimeout(() => {
      due.timer = undefined;
      due.writing = this.#write(due).then((written) => {
        due.writing = undefined;
        if (due.nodes.size > 0 || due.meta || due.pinned) this.#schedule(due, this.#ports.intervalMs * (written ? 1 : 20));
        else if (isFinalRunState(due.loaded.run.state)) this.#due.delete(due.loaded.run.runId);
      });
    }, delayMs);
  }

  async #write(due: Due): Promise<boolean> {
    const { loaded } = due;
    const nodes = [...due.nodes];
    const { meta, pinned } = due;
    if (nodes.length === 0 && !meta && !pinned) return true;
    due.nodes.clear();
    due.meta = due.pinned = false;
    const { run, version, row } = loaded;
    try {
      await this.#ports.documents.edit(documentName('run', run.runId), 'system:runs', (doc) => {
        const steps = doc.getMap('steps');
        for (const nodeId of nodes)
          steps.set(nodeId, stepEntry(run.steps.get(nodeId)!, run.plan.steps.get(nodeId)!, due.notes.get(nodeId)));
        if (pinned) for (const [nodeId, fingerprint] of pinnedFingerprints(version.graph)) doc.getMap('pinned').set(nodeId, fingerprint);
        if (meta) doc.getMap('meta').set('run', metaEntry(loaded));
      });
      if (meta) {
        const { state, runId, projectId } = run;
        const trial = trialEntry(loaded);
        await this.#ports.onLatestRun({
          projectId,
          pipelineId: row.pipeline_id,
          runId,
          number: row.number,
          state,
          ...(trial && { trial }),
        });
      }
      return true;
    } catch (error) {
      for (const nodeId of nodes) due.nodes.add(nodeId);
      due.meta ||= meta;
      due.pinned ||= pinned;
      this.#ports.log.warn({ err: error, runId: run.runId }, 'The document of a run could not be written; it is tried again');
      return false;
    }
  }
}
