import { expect, it } from 'vitest';
import { containerPlan, type ContainerPlanInput } from './container-plan.ts';

const input: ContainerPlanInput = {
  level: 'L1',
  processor: 'x64',
  image: `sha256:${'a'.repeat(64)}`,
  owner: { instance: 'ensemble', runner: 'r' },
  sandbox: {
    attemptId: 'attempt',
    runId: 'run',
    slot: 0,
    host: { job: '/w/jobs/a/job', out: '/w/jobs/a/job/out', scratch: '/w/scratch/b' },
    inside: { job: '/ensemble/job', scratch: '/tmp' },
  },
  folders: { environment: '/venv', base: null, sdk: '/sdk' },
  program: { args: ['-m', 'ensemble_harness', '/ensemble/job'], environment: {} },
  limits: { memoryBytes: 1024 ** 3, wallSeconds: 60 },
  standing: { processes: 256, openFiles: 1_024, folderBytes: 1e9, folderEntries: 1_000, sharedMemoryBytes: 64 * 1024 ** 2, threads: 2 },
  uid: 700_000,
  ownUid: true,
};

it('has every wall of the level', () => {
  const { HostConfig: host, ...rest } = containerPlan(input);
  expect(rest).toMatchObject({ Image: input.image, User: '700000:700000', Tty: false, OpenStdin: false, Healthcheck: { Test: ['NONE'] } });
  expect(host).toMatchObject({
    Init: true,
    CapDrop: ['ALL'],
    ReadonlyRootfs: true,
    Memory: 1024 ** 3,
    MemorySwap: 1024 ** 3,
    NanoCpus: 2e9,
    PidsLimit: 258,
    NetworkMode: 'none',
    IpcMode: 'private',
    LogConfig: { Type: 'none' },
  });
  expect(host?.SecurityOpt).toEqual(['no-new-privileges:true', expect.stringMatching(/^seccomp=\{"defaultAction":"SCMP_ACT_ERRNO"/)]);
  const writable = (host?.Mounts ?? []).filter((mount) => mount.ReadOnly !== true);
  expect(writable.map((mount) => mount.Target)).toEqual(['/ensemble/job/out', '/tmp']);
  expect(containerPlan({ ...input, level: 'L0' }).HostConfig).toMatchObject({ Runtime: 'runsc', PidsLimit: 512 });
});

it('takes nothing from outside but arguments and variables', () => {
  const more = { Privileged: true, Binds: ['/:/host'], HostConfig: { Privileged: true }, NetworkMode: 'host' };
  const hostile = {
    ...input,
    ...more,
    limits: { ...input.limits, ...more },
    sandbox: { ...input.sandbox, ...more, attemptId: '{"Privileged":true}' },
    program: { args: ['--privileged', '-v', '/:/host'], environment: { X: '"}' } },
  };
  const plan = containerPlan(hostile);
  expect(plan.HostConfig).toEqual(containerPlan(input).HostConfig);
  expect(Object.keys(plan)).toEqual(Object.keys(containerPlan(input)));
  expect(plan.Cmd).toEqual(['--privileged', '-v', '/:/host']);
});

it('gives the GPUs that were named, and none otherwise', () => {
  const withGpus = containerPlan({ ...input, limits: { ...input.limits, gpus: [2, 3] } });
  expect(withGpus.HostConfig?.DeviceRequests).toEqual([{ Driver: '', DeviceIDs: ['2', '3'], Capabilities: [['gpu']] }]);
  expect(withGpus.Env).toContain('CUDA_VISIBLE_DEVICES=0,1');
  expect(containerPlan(input).HostConfig?.DeviceRequests).toBeUndefined();
});
