/**
 * What a container of ours is made of. Pure, and from values of our own only: nothing that a user wrote becomes an option
 * here, except the arguments and variables of the card's program, which are data inside the walls.
 */
import { join } from 'node:path';
import type { ContainerCreateOptions } from 'dockerode';
import { cardEnvironment } from '../card-environment.ts';
import type { Sandbox, SandboxLimits, SandboxProgram, StandingLimits } from '../execution-engine.ts';
import { dockerProfile } from '../seccomp/docker-profile.ts';
import type { Processor } from '../seccomp/seccomp-program.ts';

/** As the card sees them. */
export const INSIDE = { job: '/ensemble/job', scratch: '/tmp', python: '/ensemble/python', sdk: '/ensemble/sdk' } as const;

export const LABELS = { instance: 'ai.ensemble.instance', runner: 'ai.ensemble.runner', attempt: 'ai.ensemble.attempt' } as const;

/** Whose containers these are: a restarted daemon finds them again. */
export interface ContainerOwner {
  instance: string;
  runner: string;
}

export interface ContainerFolders {
  /** The card environment, and the folder of its base interpreter when that is not below /usr. */
  environment: string;
  base: string | null;
  sdk: string;
}

export interface ContainerPlanInput {
  level: 'L0' | 'L1';
  processor: Processor;
  /** Image id or digest. */
  image: string;
  owner: ContainerOwner;
  sandbox: Sandbox;
  folders: ContainerFolders;
  program: SandboxProgram;
  limits: SandboxLimits;
  standing: StandingLimits;
  uid: number;
  /** The uid is no other process's: then the count of its processes may be limited too. */
  ownUid: boolean;
}

const INODES_IN_MEMORY = 4_096;
/** gVisor counts its own threads. */
const MIN_PIDS_IN_GVISOR = 512;
const PIDS_OF_DOCKER = 2;
/** Events are written to descriptor 3, and Docker hands on only two channels. */
const WITH_EVENTS_ON_STDERR = ['/bin/sh', '-c', 'exec "$@" 3>&2 2>&1', 'card'];

const bind = (source: string, target: string, ReadOnly: boolean): object => ({
  Type: 'bind',
  Source: source,
  Target: target,
  ReadOnly,
  BindOptions: { Propagation: 'rprivate', NonRecursive: true },
});

function ulimits({ limits, standing, ownUid }: ContainerPlanInput): object[] {
  const values: Record<string, number> = {
    nofile: standing.openFiles,
    core: 0,
    fsize: standing.folderBytes,
    // So that a card is told where it asked for too much, before the kernel ends it.
    data: limits.memoryBytes,
    stack: 8 * 1024 ** 2,
    msgqueue: 0,
    cpu: Math.ceil(limits.wallSeconds * standing.processes) + 60,
    ...(ownUid ? { nproc: standing.processes } : {}),
  };
  return Object.entries(values).map(([Name, value]) => ({ Name, Soft: value, Hard: value }));
}

export function containerPlan(input: ContainerPlanInput): ContainerCreateOptions {
  const { level, sandbox, folders, program, limits, standing, uid, owner } = input;
  const { host } = sandbox;
  const cpus = limits.cpus ?? standing.threads;
  const gpus = limits.gpus ?? [];
  const profile = dockerProfile(input.processor, gpus.length > 0 ? 'gpu' : 'cpu');
  const pids = standing.processes + PIDS_OF_DOCKER;
  const environment = cardEnvironment(
    { inside: INSIDE, isolation: level, attemptId: sandbox.attemptId, threads: Math.ceil(cpus) },
    // Docker shows only its own GPUs, numbered anew.
    { ...program.environment, ...(gpus.length > 0 ? { CUDA_VISIBLE_DEVICES: gpus.map((_, index) => index).join(',') } : {}) },
  );
  return {
    Image: input.image,
    Labels: { [LABELS.instance]: owner.instance, [LABELS.runner]: owner.runner, [LABELS.attempt]: sandbox.attemptId },
    User: `${uid}:${uid}`,
    Hostname: 'card',
    NetworkDisabled: true,
    AttachStdin: false,
    OpenStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    WorkingDir: INSIDE.scratch,
    Entrypoint: [...WITH_EVENTS_ON_STDERR, `${INSIDE.python}/bin/python`],
    Cmd: program.args,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      ...(level === 'L0' ? { Runtime: 'runsc' } : {}),
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true', `seccomp=${JSON.stringify(profile)}`],
      ReadonlyRootfs: true,
      Tmpfs: {
        '/dev/shm': `rw,nosuid,nodev,noexec,mode=1777,size=${Math.min(standing.sharedMemoryBytes, limits.memoryBytes / 2)},nr_inodes=${INODES_IN_MEMORY}`,
      },
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
      NanoCpus: Math.round(cpus * 1e9),
      PidsLimit: level === 'L0' ? Math.max(MIN_PIDS_IN_GVISOR, pids) : pids,
      Ulimits: ulimits(input),
      OomScoreAdj: 800,
      NetworkMode: 'none',
      IpcMode: 'private',
      CgroupnsMode: 'private',
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
      Mounts: [
        bind(folders.environment, INSIDE.python, true),
        bind(folders.sdk, INSIDE.sdk, true),
        ...(folders.base === null ? [] : [bind(folders.base, folders.base, true)]),
        bind(host.job, INSIDE.job, true),
        bind(host.out, join(INSIDE.job, 'out'), false),
        bind(host.scratch, INSIDE.scratch, false),
      ],
      ...(gpus.length > 0 ? { DeviceRequests: [{ Driver: '', DeviceIDs: gpus.map(String), Capabilities: [['gpu']] }] } : {}),
    },
  } as ContainerCreateOptions;
}
