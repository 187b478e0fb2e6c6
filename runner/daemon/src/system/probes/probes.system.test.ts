/** The probe battery: hostile programs in the real sandbox, judged from outside. See `hostile_probes.py` and `outside-checker.ts`. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READY, until } from '../test-bench.ts';
import { TestDocker } from '../test-docker.ts';
import { ProbeBench, ZYGOTE_SLOT, type Level } from './probe-bench.ts';
import { inspect, Outside, processesOfUid, Zygote, type Finding } from './outside-checker.ts';

/** Reports of success that are harmless, with the reason. Everything else that "got" something is a finding. */
const HARMLESS: Record<string, string> = {
  'look into its environment': 'its own; the secret of the daemon is looked for in it',
  'look into its first environment': 'its own; the secret of the daemon is looked for in it',
  'read /proc/1/environ': 'of the first process in its own namespace: a search path',
  'read /proc/1/cmdline': 'of the first process in its own namespace: bubblewrap and the card itself',
  'read /proc/kallsyms': 'names of kernel functions, addresses are zero without capabilities',
  'read /proc/keys': 'its own keys, of which there are none',
  'read /proc/net/tcp': 'of its own, empty network namespace',
  'read /proc/net/unix': 'of its own, empty network namespace',
  'run mount': 'lists its own mounts',
  'outside: change modes': 'skipped by the filter; the file is compared',
  'outside: change modes of the folder': 'skipped by the filter; the folder is compared',
  'outside: change the owner': 'skipped by the filter; the file is compared',
  'outside: change times': 'skipped by the filter; the file is compared',
  'pin a process of its own uid': 'skipped by the filter; the affinity of the victim is compared',
  'pin a process of root': 'skipped by the filter; the affinity of the victim is compared',
  'pin the daemon': 'skipped by the filter; the affinity of the victims is compared',
  'own the signals of a file for another process': 'the kernel drops the signal; the victim is looked at',
  'zygote: read wchan': 'zero for whoever may not trace it',
  'take off the parent-death signal': 'skipped by the filter; a test kills the daemon',
};

/** A container has files of its own in these places. */
const OF_THE_IMAGE: Record<string, string> = {
  'read /etc/passwd': "of the image; the machine's is looked for in it",
  'read /etc/hosts': "of the container; the machine's is looked for in it",
};

/** Signals to the first process of a pid namespace are taken by the kernel and dropped; the zygote is looked at. */
const isHarmless = (probe: string, level: Level | 'none'): boolean =>
  probe in HARMLESS ||
  (level === 'L1' && probe in OF_THE_IMAGE) ||
  /^zygote: (?:send (?:a thread )?signal|queue a signal|signal by descriptor|pin|own the signals)/.test(probe);

/** Probes that are safe to run without a sandbox and leave nothing in the host's /tmp, and what the checker must then say of them. */
const NOTICED: Record<string, { says: RegExp; where?: string }> = {
  'read data': { says: /^knows a secret/ },
  'list the folder of home': { says: /^knows a secret/ },
  'read cmdline of victimPid': { says: /^knows a secret/ },
  'read environ of victimPid': { says: /^knows a secret/ },
  'read /etc/passwd': { says: /^knows a secret/ },
  'reopen an O_PATH descriptor': { says: /^knows a secret/ },
  'attach shared memory of the host': { says: /^knows a secret/ },
  'watch a folder outside': { says: /^holds anon_inode:.*inotify/ },
  'outside: append to a file': { says: /^changed to/, where: 'files outside' },
  'outside: make a link': { says: /^changed to[^]*link/, where: 'files outside' },
  'outside: change modes': { says: /^changed to/, where: 'files outside' },
  'talk to a port of the host': { says: /no unix socket|CAME tcp/, where: 'listeners' },
  'talk to an abstract socket of the host': { says: /CAME abstract/, where: 'listeners' },
  'talk to a socket file of the host': { says: /CAME path/, where: 'listeners' },
  'turn a socket pair elsewhere': { says: /CAME datagram/, where: 'listeners' },
  'socket inet SOCK_DGRAM': { says: /^holds a socket that is no unix socket/ },
  'socket netlink SOCK_RAW': { says: /^holds a socket that is no unix socket/ },
  'memory file': { says: /^holds .*memfd:/ },
  'slow down a process of its own uid': { says: /has the priority 19/, where: 'victims' },
  'limit a process of its own uid': { says: /^the limits of process/, where: 'victims' },
  'trace a process of its own uid': { says: /is traced|State:/, where: 'victims' },
  'send SIGSTOP to a process of its own uid': { says: /State:\s+[Tt]/, where: 'victims' },
  'unshare the user namespace': { says: /^is in another user namespace|^has capabilities/ },
  'shield itself from the out-of-memory killer': { says: /^may gain privileges/ },
};

const BATTERY = join(import.meta.dirname, 'hostile_probes.py');

interface Reported {
  names: string[];
  outcomes: Map<number, { got?: string; refused?: string }>;
}

function parseOutput(output: string): Reported {
  const names = JSON.parse(/^TABLE (.*)$/m.exec(output)?.[1] ?? '[]') as string[];
  const outcomes = new Map<number, { got?: string; refused?: string }>();
  for (const [, index, json] of output.matchAll(/^PROBE (\d+) (.*)$/gm))
    outcomes.set(Number(index), JSON.parse(json ?? '{}') as { got?: string });
  return { names, outcomes };
}

/** What everybody outside can see of the processes and the host, put to the probes by the name of their process. */
async function judge(outside: Outside, output: string, uid: number, level: Level | 'none'): Promise<Finding[]> {
  const { names, outcomes } = parseOutput(output);
  const findings: Finding[] = outside.loot(output).map((line) => ({
    probe: names[Number(/^PROBE (\d+)/.exec(line)?.[1])] ?? 'unknown',
    finding: `knows a secret: ${line.slice(0, 300)}`,
  }));
  findings.push(...(await outside.damage()));
  const states = (await processesOfUid(uid)).filter(
    (state) => state.pid !== outside.targets['victimPid'] && !/Z \(zombie\)/.test(state.status),
  );
  const driver = states.find((state) => state.comm.startsWith('python'));
  if (driver === undefined) return [{ probe: 'all', finding: 'the driver is not there' }];
  for (const state of states.filter(({ comm }) => comm !== 'bwrap')) {
    const probe = names[Number(/^probe(\d+)$/.exec(state.comm)?.[1])] ?? state.comm;
    for (const finding of await inspect(state, driver, uid)) findings.push({ probe, finding });
  }
  for (const [index, { got }] of outcomes) {
    const probe = names[index] ?? String(index);
    if (got !== undefined && !isHarmless(probe, level)) findings.push({ probe, finding: `reports success: ${got.slice(0, 200)}` });
  }
  return findings;
}

const docker = READY ? await TestDocker.open() : null;
afterAll(() => docker?.close());

describe.skipIf(!READY)('the probe battery', () => {
  let bench: ProbeBench;
  beforeAll(async () => {
    bench = await ProbeBench.open(1_000, docker);
  });
  afterAll(() => bench.close());

  it.each([
    ...(docker === null ? [] : [['L1', 'fresh'] as const]),
    ['L2', 'fresh'] as const,
    ['L2', 'child'] as const,
    ['L3', 'fresh'] as const,
  ])('%s contains every probe, %s', async (level, mode) => {
    if (mode === 'child' && process.getuid?.() !== 0) return;
    if (mode === 'child') await bench.zygote();
    const slot = mode === 'child' ? ZYGOTE_SLOT : 1;
    const uid = bench.uidOf(slot);
    const zygote = mode === 'child' ? await Zygote.find(uid) : undefined;
    const outside = await Outside.build(bench.folder, uid);
    let findings: Finding[] = [];
    let count = 0;
    try {
      await bench.inSandbox({
        level,
        mode,
        slot,
        files: { 'hostile_probes.py': await readFile(BATTERY, 'utf8') },
        targets: { ...outside.targets, ...(zygote && { zygotePid: 1 }) },
        args: ({ inside }) => [`${inside.job}/hostile_probes.py`, `${inside.job}/targets.json`],
        memoryBytes: 4 * 1024 ** 3,
        during: async (output) => {
          await until('all probes to be tried', () => output().includes('\nHELD'), 120_000).catch((error: unknown) => {
            throw new Error(`${String(error)}: ${output().slice(-2_000)}`);
          });
          count = parseOutput(output()).names.length;
          findings = await judge(outside, output(), uid, level);
          if (zygote) findings.push(...(await zygote.damage()));
        },
      });
      if (zygote) findings.push(...(await zygote.damage()));
    } finally {
      await outside.close();
    }
    const failed = new Set(findings.map(({ probe }) => probe));
    console.log(`${level} ${mode}: ${count} probes, ${count - failed.size} contained`);
    expect(findings).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(300);
  });

  it('would notice: the same probes without a sandbox are found out', async () => {
    const uid = bench.uidOf(2);
    const outside = await Outside.build(bench.folder, uid);
    const targets = join(bench.folder, 'control.json');
    await writeFile(targets, JSON.stringify({ ...outside.targets, job: bench.folder, sdk: bench.folder, python: bench.folder }));
    const asUid = process.getuid?.() === 0 ? ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'] : [];
    const [program = '', ...args] = [...asUid, '/usr/bin/python3', BATTERY, targets, ...Object.keys(NOTICED)];
    const control = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    let output = '';
    control.stdout.on('data', (bytes: Buffer) => (output += bytes.toString('utf8')));
    try {
      await until('the control probes', () => output.includes('\nHELD'), 120_000);
      let missed: string[] = [];
      // What came to the listeners is told by another process, a moment later.
      await until('every probe to be found out', async () => {
        const findings = await judge(outside, output, uid, 'none');
        missed = Object.entries(NOTICED).flatMap(([probe, expected]) => {
          const said = findings.filter((one) => one.probe === probe || expected.where === one.probe).map(({ finding }) => finding);
          return said.some((finding) => expected.says.test(finding)) ? [] : [`${probe}: ${said.join('; ')}`];
        });
        return missed.length === 0;
      }).catch(() => expect(missed).toEqual([]));
    } finally {
      process.kill(-(control.pid ?? 0), 'SIGKILL');
      await outside.close();
    }
  });
});
