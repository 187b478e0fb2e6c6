/** The control plane as an object: parts in, an application out. Knows nothing of processes, ports and the environment. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ArtifactStore } from '@ensemble/artifact-store';
import type { CardReader } from '@ensemble/cards';
import type { RunnerInfo } from '@ensemble/protocol';
import { createAccounts, registerAccountRoutes, type Accounts } from './modules/accounts/index.ts';
import { createProjectFiles, createUploads, registerArtifactRoutes, registerFileRoutes } from './modules/artifacts/index.ts';
import {
  createCardFiles,
  createCards,
  createCardUses,
  registerCardFileRoutes,
  registerCardRoutes,
  type Cards,
} from './modules/cards/index.ts';
import { createEnvironments, readCardEnvironment, registerEnvironmentRoutes } from './modules/environments/index.ts';
import { createDatasets, registerDatasetRoutes } from './modules/datasets/index.ts';
import { createLiveSockets, registerLogRoutes } from './modules/logs/index.ts';
import { createPipelines, registerPipelineRoutes, type Pipelines } from './modules/pipelines/index.ts';
import { createProjects, registerProjectRoutes } from './modules/projects/index.ts';
import { madeTables, outputOf, registerRunRoutes } from './modules/runs/index.ts';
import { createRegistrations, describePools, describeRunners, registerRunnerRoutes } from './modules/runners/index.ts';
import { createTemplates, registerTemplateRoutes } from './modules/templates/index.ts';
import { createFolderWatch, registerFolderRoutes, registerTransferRoutes } from './modules/transfer/index.ts';
import type { Bus } from './platform/bus/bus.ts';
import type { Database } from './platform/database/database.ts';
import { createTableEngine } from './platform/duckdb/table-engine.ts';
import type { App } from './platform/http/app.ts';
import { newId } from './platform/ids.ts';
import type { Logger } from './platform/logger.ts';
import { mountCollaborationSocket, mountLiveSocket, startCollaboration, type CollaborationService } from './services/collaboration.ts';
import { createDocumentAccess } from './services/document-access.ts';
import { describeApi } from './services/http/describe-api.ts';
import { registerHealthRoute } from './services/http/health-route.ts';
import { openApp, type Door } from './services/http/open-app.ts';
import { addSecurityHeaders, serveWebApp } from './services/http/web-app.ts';
import { Orchestrator } from './services/orchestrator.ts';
import { createProjectIndex } from './services/project-index.ts';

const DATABASE_CHECK_MS = 2_000;
const SESSION_CHECK_MS = 1_000;

export interface RunnerBus {
  socketUrl: string;
  admit(runners: readonly { runnerId: string; publicKey: string }[]): Promise<void>;
}

export interface ControlPlaneParts {
  database: Database;
  bus: Bus;
  /** The way to the bus for runners on other machines; undefined where it is not ours. */
  runnerBus: RunnerBus | undefined;
  busPrefix: string;
  artifacts: ArtifactStore;
  reader: CardReader;
  logger: Logger;
  dataDirectory: string;
  /** `runner/python` */
  sdkDirectory: string;
  /** The interpreter of cards, as far as it is on this machine. */
  cardPython?: string;
  /** One folder for each template of the gallery. */
  templatesDirectory: string;
  /** Undefined: the API only. */
  webDirectory: string | undefined;
  /** As listened on. */
  host: string;
  publicUrl: string | undefined;
  version: string;
  now?: () => Date;
}

export interface ControlPlane {
  app: App;
  accounts: Accounts;
  cards: Cards;
  pipelines: Pipelines;
  collaboration: CollaborationService['collaboration'];
  /** Every route people and programs can call. */
  routes(): readonly Door[];
  /** Known runners at this moment. */
  runners(): number;
  /** Address people open, once it is known; without a trailing slash. */
  setAddress(url: string): void;
  /** Takes up unfinished runs and begins to hear the bus. */
  start(): Promise<void>;
  /** Stops listening, lets what is under way finish until the deadline. The parts stay open: they are the caller's. */
  stop(deadlineMs: number): Promise<void>;
}

export async function buildControlPlane(parts: ControlPlaneParts): Promise<ControlPlane> {
  const { database, bus, artifacts, reader, logger, dataDirectory, publicUrl } = parts;
  let address = publicUrl ?? 'http://localhost';
  const now = (): number => (parts.now?.() ?? new Date()).getTime();
  const accounts = createAccounts({ database, dataDirectory, publicUrl, ...(parts.now ? { now: parts.now } : {}) });

  // Events go upwards: what is below tells the index and the sockets through these.
  const index = createProjectIndex({
    editDocument: (name, actor, change) => documents.collaboration.edit(name, actor, change),
    cards: () => cards,
    pipelines: () => pipelines,
    environments: () => environments,
    logger,
  });
  const environments = createEnvironments({
    database,
    bus,
    base: ['requirements.in', 'requirements.lock'].map((name) => readFileSync(path.join(parts.sdkDirectory, name), 'utf8')).join('\n'),
    onChanged: (projectId, final) => {
      const shown = final ? index.refresh(projectId) : index.showEnvironments(projectId);
      void shown.catch((error: unknown) => logger.warn({ err: error, projectId }, 'the state of an environment could not be shown'));
    },
    logger,
  });
  const projects = createProjects({
    database,
    accounts,
    onFirstProject: async (projectId) => void (await pipelines.create(projectId, 'My first pipeline')),
    onRoleChanged: (_projectId, userId) => sendAway(userId),
  });
  const documents = startCollaboration({
    database,
    logger,
    authorize: (visitor, ref) => authorizeDocument(visitor, ref),
    onDocumentChanged: (name) => {
      index.documentChanged(name);
      cardUses.documentChanged(name);
      folderWatch.documentChanged(name);
    },
    now,
  });
  const cards = createCards({
    database,
    reader,
    sdkDirectory: parts.sdkDirectory,
    documents,
    environmentFault: (requirements) => environments.faultOf(requirements),
  });
  const cardFiles = createCardFiles({
    database,
    reader,
    sdkDirectory: parts.sdkDirectory,
    documents,
    cards,
    onChanged: (projectId) => index.refresh(projectId),
    onAccessChanged: (ids) => documents.collaboration.recheck((_person, ref) => ref.kind === 'card' && ids.includes(ref.id)),
    now,
  });
  const cardUses = createCardUses({
    cards,
    pipelinesOf: (projectId) => pipelines.list(projectId),
    readDocument: (name, look) => documents.collaboration.read(name, look),
    editDocument: (name, actor, change) => documents.collaboration.edit(name, actor, change),
  });
  const pipelines = createPipelines({
    database,
    editDocument: (name, actor, change) => documents.collaboration.edit(name, actor, change),
    prepareCards: (projectId, files) => cards.prepareImport(projectId, files),
    onChanged: (projectId) => index.refresh(projectId),
    onTrashed: (id) => documents.collaboration.recheck((_person, ref) => ref.kind === 'pipeline' && ref.id === id),
    now,
  });
  const folderWatch = createFolderWatch({ pipeline: (id) => pipelines.projectOf(id), card: (id) => cards.projectOf(id) });
  const authorizeDocument = createDocumentAccess({
    projects,
    pipelines,
    cards,
    projectOfRun: async (runId) => (await database.prisma.run.findUnique({ where: { id: runId }, select: { projectId: true } }))?.projectId,
    onProjectOpened: (projectId) => index.ensure(projectId),
  });
  const files = createProjectFiles(database, artifacts);
  const inData = (name: string): string => path.resolve(dataDirectory, name);
  const tables = createTableEngine({
    directories: [inData('uploads'), inData('tables'), inData('spill')],
    spillDirectory: inData('spill'),
    logger,
  });
  const datasets = createDatasets({ store: artifacts, engine: tables, directory: inData('tables') });
  const uploads = createUploads({
    directory: inData('uploads'),
    files,
    now,
    inspect: (file, name, signal) => datasets.inspect(file, name, signal),
  });
  const templates = createTemplates({
    directory: parts.templatesDirectory,
    addFile: files.add,
    importFolder: pipelines.importFolder,
    logger,
  });
  const registrations = createRegistrations({ database, busPrefix: parts.busPrefix, admit: parts.runnerBus?.admit, now });
  const orchestrator = new Orchestrator({
    registrations,
    database,
    bus,
    artifacts,
    environmentOf: readCardEnvironment(parts.sdkDirectory, parts.cardPython),
    documents: documents.collaboration,
    clock: { now },
    log: logger,
    newId,
    random: Math.random,
    onLatestRun: (latest) => index.showLatestRun(latest),
  });

  const logs = { sql: database.sql, artifacts, authorize: projects.authorize, bus };
  const live = createLiveSockets({
    ...logs,
    now,
    onProblem: (error) => logger.warn({ err: error }, 'a live log or metric could not be sent'),
  });
  /** From every socket; they come back and are asked again. */
  const sendAway = (userId: string): Promise<void> => {
    live.disconnectUser(userId);
    return documents.collaboration.disconnectUser(userId);
  };
  const sessions = setInterval(() => live.disconnectEnded(), SESSION_CHECK_MS);

  const doors: Door[] = [];
  const app = await openApp({
    rules: { host: parts.host, publicUrl },
    actorOf: async (headers) => registrations.actorOf(headers.authorization) ?? (await accounts.actorOf(headers)),
    logger,
    onDoor: (door) => void doors.push(door),
  });
  await addSecurityHeaders(app, { overTls: publicUrl?.startsWith('https:') ?? false });
  await describeApi(app, parts.version);
  registerHealthRoute(app, async () => ({
    database: await answers(database),
    bus: bus.connected(),
    runners: orchestrator.runners.live(now()).length,
  }));
  registerAccountRoutes(app, {
    accounts,
    publicUrl: () => address,
    describeInstance: () => ({ version: parts.version, database: database.kind, isolation: orchestrator.runners.isolation(now()) }),
    onSignedOut: sendAway,
  });
  registerProjectRoutes(app, { projects, publicUrl: () => address });
  registerPipelineRoutes(app, { pipelines, authorize: projects.authorize });
  registerCardRoutes(app, { cards, authorize: projects.authorize });
  registerCardFileRoutes(app, { files: cardFiles, uses: cardUses, authorize: projects.authorize });
  registerArtifactRoutes(app, { files, authorize: projects.authorize });
  registerFileRoutes(app, { files, uploads, authorize: projects.authorize });
  registerDatasetRoutes(app, {
    datasets,
    files,
    authorize: projects.authorize,
    outputOf: (actor, runId, nodeId, key) => outputOf({ sql: database.sql, authorize: projects.authorize }, actor, runId, nodeId, key),
    madeTables: (actor, pipelineId) =>
      madeTables({ sql: database.sql, authorize: projects.authorize, projectOf: (id) => pipelines.projectOf(id) }, actor, pipelineId),
  });
  registerFolderRoutes(app, {
    projects,
    authorize: projects.authorize,
    watch: folderWatch,
    folders: {
      cards,
      cardFiles,
      pipelines,
      readDocument: (name, look) => documents.collaboration.read(name, look),
      editDocument: (name, actor, change) => documents.collaboration.edit(name, actor, change),
      onImported: (projectId) => index.refresh(projectId),
    },
  });
  registerTransferRoutes(app, {
    projects,
    authorize: projects.authorize,
    imports: {
      projects,
      pipelines,
      cards,
      files,
      reader,
      editDocument: (name, actor, change) => documents.collaboration.edit(name, actor, change),
      onImported: (projectId) => index.refresh(projectId),
    },
    pipelines,
    scripts: {
      pipelines,
      cards,
      sdkDirectory: parts.sdkDirectory,
      readDocument: (name, look) => documents.collaboration.read(name, look),
    },
    exports: {
      pipelines,
      cards,
      files,
      readBytes: (sha256, maxBytes) => artifacts.readAll(sha256, maxBytes),
      readDocument: (name, look) => documents.collaboration.read(name, look),
    },
  });
  registerEnvironmentRoutes(app, { environments, ensure: (projectId) => index.ensure(projectId), authorize: projects.authorize });
  registerTemplateRoutes(app, { templates, authorize: projects.authorize });
  registerRunRoutes(app, {
    runs: orchestrator.runs,
    runDocuments: orchestrator.documents,
    sources: {
      readDocument: (name, look) => documents.collaboration.read(name, look),
      cardsOf: (projectId) => cards.cardsOfProject(projectId),
    },
    artifacts,
    authorize: projects.authorize,
    projectOf: (pipelineId) => pipelines.projectOf(pipelineId),
    clock: { now },
    newId,
    sql: database.sql,
    bus,
  });
  registerLogRoutes(app, logs);
  mountLiveSocket(app, live);
  const runnerInfos = (): RunnerInfo[] =>
    describeRunners(orchestrator.runners.live(now()), registrations.known(), (runnerId) => orchestrator.tasksOf(runnerId));
  registerRunnerRoutes(app, {
    registrations,
    artifacts,
    busSocketUrl: parts.runnerBus?.socketUrl,
    runners: runnerInfos,
    pools: () => describePools(runnerInfos()),
    onDecided: () => orchestrator.runnerDecided(),
    onRemoved: (runnerId) => orchestrator.runnerRemoved(runnerId),
  });
  mountCollaborationSocket(app, documents.collaboration);
  await serveWebApp(app, parts.webDirectory);
  await app.ready();

  return {
    app,
    accounts,
    cards,
    pipelines,
    collaboration: documents.collaboration,
    routes: () => doors,
    runners: () => orchestrator.runners.live(now()).length,
    setAddress: (url) => void (address = publicUrl ?? url),
    async start() {
      await projects.discardArriving();
      await registrations.start();
      await orchestrator.start();
      bus.serveEnvironments(environments);
      environments.start();
    },
    async stop(deadlineMs) {
      index.stop();
      clearInterval(sessions);
      live.stop();
      environments.stop();
      const deadline = Date.now() + deadlineMs;
      const left = (): number => Math.max(0, deadline - Date.now());
      await within(left(), orchestrator.stop());
      await documents.stop(left());
      await within(left(), app.close());
      await tables.stop();
    },
  };
}

const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work.then(() => {}), late]).finally(() => clearTimeout(timer));
};

async function answers(database: Database): Promise<boolean> {
  let answered = false;
  const question = database.sql.query('SELECT 1').then(
    () => (answered = true),
    () => {},
  );
  await within(DATABASE_CHECK_MS, question);
  return answered;
}
