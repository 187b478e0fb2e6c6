/** A control plane for tests: real parts, but no process, no runner, and a bus that nobody listens to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createMemoryStore } from '@ensemble/artifact-store';
import { loadCardReader } from '@ensemble/cards/node';
import type { LightMyRequestResponse } from 'fastify';
import { buildControlPlane, type ControlPlane, type RunnerBus } from './build-control-plane.ts';
import type { Bus } from './platform/bus/bus.ts';
import type { Database } from './platform/database/database.ts';
import { silentLogger } from './platform/logger.ts';
import { sdkDirectory, templatesDirectory } from './start-parts.ts';

const deafBus: Bus = {
  start: async () => {},
  serveRunner: async () => {},
  forgetRunner: async () => {},
  publishAssignment: async () => {},
  warm: () => {},
  serveEnvironments: () => {},
  prepareEnvironment: async () => false,
  endDelivery: async () => {},
  cancel: async () => false,
  readLog: async () => undefined,
  readMetrics: async () => undefined,
  watchAttempt: () => ({ stop: () => {} }),
  connected: () => true,
  close: async () => {},
};

interface Answer {
  status: number;
  body: unknown;
  headers: LightMyRequestResponse['headers'];
  /** `name=value` of every cookie it set. */
  cookie: string;
}

interface Caller {
  cookie?: string;
  headers?: Record<string, string>;
}

export interface TestControlPlane extends ControlPlane {
  database: Database;
  dataDirectory: string;
  /** Later instants make links expire. */
  setNow(now: Date | undefined): void;
  call(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, body?: unknown, caller?: Caller): Promise<Answer>;
  close(): Promise<void>;
}

export interface TestControlPlaneOptions {
  runnerBus?: RunnerBus;
  publicUrl?: string;
  webDirectory?: string;
  templatesDirectory?: string;
}

export async function openTestControlPlane(database: Database, options: TestControlPlaneOptions = {}): Promise<TestControlPlane> {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), 'ensemble-control-plane-'));
  let now: Date | undefined;
  const controlPlane = await buildControlPlane({
    database,
    bus: deafBus,
    runnerBus: options.runnerBus,
    busPrefix: 'test',
    artifacts: createMemoryStore(),
    reader: await loadCardReader(),
    logger: silentLogger(),
    dataDirectory,
    sdkDirectory,
    templatesDirectory: options.templatesDirectory ?? templatesDirectory,
    webDirectory: options.webDirectory,
    host: '127.0.0.1',
    publicUrl: options.publicUrl,
    version: 'test',
    now: () => now ?? new Date(),
  });
  return {
    ...controlPlane,
    database,
    dataDirectory,
    setNow: (value) => void (now = value),
    async call(method, url, body, { cookie, headers } = {}) {
      const response = await controlPlane.app.inject({
        method,
        url,
        headers: {
          host: 'localhost:4380',
          ...(method === 'GET' ? {} : { origin: 'http://localhost:4380' }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(cookie === undefined ? {} : { cookie }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      const isJson = String(response.headers['content-type']).startsWith('application/json');
      return {
        status: response.statusCode,
        body: isJson ? (response.json() as unknown) : response.body,
        headers: response.headers,
        cookie: response.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; '),
      };
    },
    async close() {
      await controlPlane.stop(5_000);
      await database.close();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
