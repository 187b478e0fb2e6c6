/**
 * A control plane's runs on a real database, with a bus, documents and artifacts in memory and runners moved by the test.
 * `crash` forgets everything that is only in memory; `open` builds a new one on what is left.
 */
import { createHash } from 'node:crypto';
import type { CardManifest, JsonValue } from '@ensemble/cards';
import { createMemoryStore } from '@ensemble/artifact-store';
import type { ArtifactStore } from '@ensemble/artifact-store';
import { insertGraph } from '@ensemble/pipeline';
import type { Actor } from '@ensemble/permissions';
import type { Assignment, AttemptResult, ClaimReply, RunSummary, WarmRequest } from '@ensemble/protocol';
import * as Y from 'yjs';
import type { AttemptWatcher, Bus, BusHandlers, LogBytes } from '../platform/bus/bus.ts';
import type { Database } from '../platform/database/database.ts';
import { newId } from '../platform/ids.ts';
import { silentLogger } from '../platform/logger.ts';
import { startRun } from '../modules/runs/index.ts';
import type { LatestRun, ProjectCard, RunRoutesPorts, WantedRun } from '../modules/runs/index.ts';
import { Orchestrator } from './orchestrator.ts';
import type { CrashPoint } from './test-crash-point.ts';

const editor: Actor = { kind: 'user', userId: 'ada', name: 'Ada', isOwner: false };

/** A card with one input `in` (when it has upstream) and one output `out`. */
function testCard(cardType: string, hasInput: boolean, changes: Partial<CardManifest> = {}): ProjectCard {
  const source = `# ${cardType}`;
  const manifest: CardManifest = {
    cardType,
    className: 'Card',
    displayName: cardType,
    description: '',
    category: 'data',
    executionMode: 'local',
    outputViewType: 'table',
    configSchema: {},
    configFields: [{ name: 'size', type: 'integer', label: 'Size', default: 3, required: false }],
    inputs: hasInput ? [{ name: 'in', type: 'dataframe' }] : [],
    outputs: [{ name: 'out', type: 'dataframe' }],
    resources: { gpu: 0, timeoutSeconds: 300, network: [] },
    requirements: [],
    retries: 0,
    cache: true,
    scratch: false,
    ...changes,
  };
  return {
    cardId: `card-${cardType}`,
    path: `cards/${cardType}.py`,
    builtIn: false,
    source,
    sourceHash: sha256(source),
    manifest,
    diagnostics: [],
  };
}

class MemoryBus implements Bus {
  handlers: BusHandlers | undefined;
  /** Assignments on the queue, by attempt id. */
  readonly queue = new Map<string, Assignment>();
  readonly published: string[] = [];
  readonly cancelled: string[] = [];
  readonly ended: string[] = [];
  readonly warmed: WarmRequest[] = [];
  readonly watchers = new Map<string, AttemptWatcher>();
  up = true;

  async start(handlers: BusHandlers): Promise<void> {
    this.handlers = handlers;
  }
  serveEnvironments(): void {}
  async prepareEnvironment(): Promise<boolean> {
    return false;
  }
  async serveRunner(): Promise<void> {}
  async forgetRunner(): Promise<void> {}
  async publishAssignment(_runnerId: string, _messageId: string, assignment: Assignment): Promise<void> {
    if (!this.up) throw new Error('The bus is down.');
    if (!this.published.includes(assignment.attemptId)) this.queue.set(assignment.attemptId, assignment);
    this.published.push(assignment.attemptId);
  }
  warm(_pool: string, request: WarmRequest): void {
    this.warmed.push(request);
  }
  async endDelivery(ackSubject: string): Promise<void> {
    this.ended.push(ackSubject);
  }
  async cancel(_runnerId: string, attemptId: string): Promise<boolean> {
    this.cancelled.push(attemptId);
    return true;
  }
  async readLog(): Promise<LogBytes> {
    const bytes = new TextEncoder().encode('live log\n');
    return { bytes, offset: 0, size: bytes.length };
  }
  async readMetrics(): Promise<undefined> {}
  watchAttempt(_runnerId: string, attemptId: string, watcher: AttemptWatcher): { stop(): void } {
    this.watchers.set(attemptId, watcher);
    return { stop: () => void this.watchers.delete(attemptId) };
  }
  connected(): boolean {
    return this.up;
  }
  async close(): Promise<void> {}
}

export class World {
  readonly database: Database;
  store: ArtifactStore;
  readonly cards = new Map<string, ProjectCard>();
  readonly docs = new Map<string, Y.Doc>();
  readonly projectId = newId();
  readonly pipelineId = newId();
  bus = new MemoryBus();
  latest: LatestRun[] = [];
  now = Date.now();
  environment = 'python 3.11';
  /** Decided about runners. */
  readonly cordoned = new Set<string>();
  readonly emptied = new Set<string>();
  orchestrator: Orchestrator;

  /** Who asked first, by attempt. */
  readonly #claimants = new Map<string, string>();
  /** Where the present control plane is going to die, if anywhere. */
  crash: CrashPoint | undefined;

  constructor(database: Database) {
    this.database = database;
    this.store = createMemoryStore();
    this.orchestrator = this.#build();
  }

  static async on(database: Database, graph: Record<string, string[]>, cards: Record<string, Partial<CardManifest>> = {}): Promise<World> {
    const world = new World(database);
    await database.prisma.project.create({ data: { id: world.projectId, name: 'Project' } });
    await database.prisma.pipeline.create({ data: { id: world.pipelineId, projectId: world.projectId, name: 'Pipeline' } });
    world.draw(graph, cards);
    await world.orchestrator.start();
    world.offerRoom();
    return world;
  }

  /** Each node has a card of its own name. */
  draw(graph: Record<string, string[]>, cards: Record<string, Partial<CardManifest>> = {}): void {
    const doc = this.doc(`pipeline:${this.pipelineId}`);
    for (const [node, upstream] of Object.entries(graph)) {
      const inputs = upstream.map((_, index) => ({ name: `in${index}`, type: 'dataframe' }));
      this.cards.set(node, testCard(node, false, { inputs, ...cards[node] }));
    }
    const nodes = Object.keys(graph).map((id, index) => ({
      id,
      card: id,
      title: id.toUpperCase(),
      position: { x: index, y: 0 },
      config: {},
    }));
    const edges = Object.entries(graph).flatMap(([target, upstream]) =>
      upstream.map((source, index) => ({ source, sourcePort: 'out', target, targetPort: `in${index}` })),
    );
    insertGraph(doc, { nodes, edges }, 'test');
  }

  doc(name: string): Y.Doc {
    let doc = this.docs.get(name);
    if (!doc) this.docs.set(name, (doc = new Y.Doc()));
    return doc;
  }

  get ports(): RunRoutesPorts {
    const { store, bus, orchestrator, crash } = this;
    const database = crash?.database(this.database) ?? this.database;
    return {
      runs: orchestrator.runs,
      runDocuments: orchestrator.documents,
      sources: { readDocument: async (name, look) => look(this.doc(name)), cardsOf: async () => this.cards },
      artifacts: { ...store, ...crash?.store(store) },
      authorize: async () => 'editor',
      projectOf: async (id) => (id === this.pipelineId ? this.projectId : undefined),
      clock: { now: () => this.now },
      newId,
      sql: database.sql,
      bus,
    };
  }

  start(overrides: { nodeId: string; field: string; value: JsonValue }[] = [], part: Partial<WantedRun> = {}): Promise<RunSummary> {
    return startRun(this.ports, editor, this.pipelineId, { overrides, ...part });
  }

  /** The assignment of a node that is on the queue. */
  assignmentOf(nodeId: string): Assignment {
    const found = [...this.bus.queue.values()].find((assignment) => assignment.nodeId === nodeId);
    if (!found) throw new Error(`nothing on the queue for ${nodeId}`);
    return found;
  }

  claim(assignment: Assignment, runnerId = 'runner'): Promise<ClaimReply> {
    const { attemptId } = assignment;
    if (!this.#claimants.has(attemptId)) this.#claimants.set(attemptId, runnerId);
    return this.bus.handlers!.onClaim({ v: 1, attemptId, runnerId, ackSubject: `ack.${attemptId}`, isolation: 'L2' });
  }

  async finish(assignment: Assignment, changes: Partial<AttemptResult> = {}): Promise<void> {
    await this.bus.handlers!.onResult(this.resultOf(assignment, changes));
    this.bus.queue.delete(assignment.attemptId);
  }

  resultOf({ attemptId, runId, nodeId }: Assignment, changes: Partial<AttemptResult> = {}): AttemptResult {
    const output = { key: 'out', type: 'dataframe', declared: true, ref: `${nodeId}/out.parquet`, sha256: sha256(nodeId), bytes: 3 };
    const ids = { v: 1, attemptId, runId, nodeId, runnerId: this.#claimants.get(attemptId) ?? 'runner' } as const;
    return { ...ids, outcome: 'succeeded', outputs: [output], isolation: 'L2', durationMs: 5, ...changes };
  }

  beat(runnerId: string, held: string[], slots = 1): void {
    const engines = [{ engine: 'process', isolation: 'L2' as const }];
    const identity = { v: 1, runnerId, name: runnerId, version: '1', startedAt: 1, draining: false } as const;
    const machine = { cpus: slots, memoryBytes: slots * 2 ** 30, gpus: 0, load: { cpu: 0, memoryBytes: 0 } };
    this.bus.handlers!.onHeartbeat({ ...identity, ...machine, pools: ['cpu'], engines, slots, held });
  }

  /** A runner with room for everything, so that what is ready is handed out. The test claims it for whom it likes. */
  offerRoom(): void {
    if (this.bus.up) this.beat('depot', [], 1_000);
  }

  /** Everything in memory is gone; the database, the queue, the documents and the artifacts stay. */
  async restart(crash?: CrashPoint): Promise<void> {
    const { queue } = this.bus;
    void this.orchestrator.stop();
    this.crash = crash;
    this.bus = new MemoryBus();
    for (const [attemptId, assignment] of queue) this.bus.queue.set(attemptId, assignment);
    this.orchestrator = this.#build();
    await this.orchestrator.start();
    this.offerRoom();
    await this.orchestrator.runs.publishWaiting();
  }

  async states(runId: string): Promise<Record<string, string>> {
    const rows = await this.database.sql.query<{ node_id: string; state: string }>(`SELECT node_id, state FROM step WHERE run_id = $1`, [
      runId,
    ]);
    return Object.fromEntries(rows.map((row) => [row.node_id, row.state]));
  }

  async stateOf(runId: string): Promise<string | undefined> {
    return (await this.database.sql.query<{ state: string }>(`SELECT state FROM run WHERE id = $1`, [runId]))[0]?.state;
  }

  /** What people see. */
  shown(runId: string): { run: unknown; steps: Record<string, { state: string }> } {
    const doc = this.doc(`run:${runId}`);
    return { run: doc.getMap('meta').get('run'), steps: doc.getMap('steps').toJSON() };
  }

  #build(): Orchestrator {
    const { crash, database, bus, store } = this;
    return new Orchestrator({
      database: crash?.database(database) ?? database,
      bus: crash?.bus(bus) ?? bus,
      artifacts: { ...store, ...crash?.store(store) },
      environmentOf: () => this.environment,
      documents: {
        edit: async (name, actor, change) => {
          await crash?.pass();
          this.doc(name).transact(() => change(this.doc(name)), actor);
        },
      },
      clock: { now: () => this.now },
      log: silentLogger(),
      newId,
      random: () => 0,
      registrations: {
        isCordoned: (id) => this.cordoned.has(id),
        poolsOf: (_id, said) => said,
        toEmpty: () => [...this.emptied],
        seen: async () => {},
      },
      onLatestRun: async (latest) => void this.latest.push(latest),
      sweepMs: 1e9,
      documentIntervalMs: 1,
    });
  }
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
