/** Chooses the engine of this daemon: what the settings ask for, else sandboxes of processes where they work, else containers. */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { RunnerConfig } from '../config.ts';
import { findDocker } from './docker/find-docker.ts';
import type { ExecutionEngine } from './execution-engine.ts';
import { findIsolation } from './process/probe-isolation.ts';

type ProcessOptions = Parameters<typeof findIsolation>[0];

export interface FoundEngine {
  engine: ExecutionEngine;
  /** Those of the settings, and `gpu` where a container got a GPU that answers. */
  pools: string[];
  gpus: number;
}

const isOfDocker = (level: string | undefined): level is 'L0' | 'L1' => level === 'L0' || level === 'L1';

/** Throws one sentence when nothing can be served here. */
export async function findEngine(config: RunnerConfig, options: ProcessOptions, logger: Logger): Promise<FoundEngine> {
  const { isolation } = config;
  const wanted = config.engine ?? (isOfDocker(isolation) ? 'docker' : undefined);
  if (isolation !== undefined && wanted !== undefined && isOfDocker(isolation) !== (wanted === 'docker')) {
    throw new Error(
      `ENSEMBLE_ISOLATION=${isolation} is no level of ENSEMBLE_ENGINE=${wanted}: L0 and L1 are Docker's, L2 and L3 of processes.`,
    );
  }
  let refused = '';
  if (wanted !== 'docker') {
    const found = await findIsolation(options, isOfDocker(isolation) ? undefined : isolation);
    if (found.found) {
      warnOf(found.refused, logger);
      return { engine: found.engine, pools: config.pools, gpus: config.gpus ?? Number(config.pools.includes('gpu')) };
    }
    refused = found.sentence;
    if (wanted === 'process' || isolation !== undefined || config.docker.images.cpu === null) throw new Error(refused);
  }
  const { python } = options;
  const found = await findDocker(
    {
      ...config.docker,
      gpus: Math.max(1, config.gpus ?? 1),
      // One daemon to a folder: what lies there and what runs for it is told apart by the same thing.
      owner: { instance: config.busPrefix, runner: createHash('sha256').update(config.workspace).digest('hex').slice(0, 16) },
      workspace: config.workspace,
      python,
      helperPython: options.launcherPython,
      standing: options.standing,
      uidOf: options.uidOf,
      graceSeconds: options.graceSeconds,
    },
    isOfDocker(isolation) ? isolation : undefined,
  );
  if (!found.found) throw new Error([refused, found.sentence].filter(Boolean).join(' '));
  warnOf(found.refused, logger);
  const pools = config.pools.filter((pool) => pool !== 'gpu');
  if (found.gpu === 'passed') return { engine: found.engine, pools: [...pools, 'gpu'], gpus: Math.max(1, config.gpus ?? 1) };
  if (pools.length === 0)
    throw new Error(`This runner was to serve GPU cards only. ${found.gpu?.refused ?? 'ENSEMBLE_DOCKER_GPU_IMAGE is not set.'}`);
  if (found.gpu !== null) logger.warn({ refused: found.gpu.refused }, 'no container gets a GPU here, so none is offered');
  return { engine: found.engine, pools, gpus: 0 };
}

function warnOf(refused: string[], logger: Logger): void {
  if (refused.length > 0) logger.warn({ refused }, 'stronger isolation is not possible on this machine');
}
