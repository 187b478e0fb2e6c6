/**
 * Looks at sandboxed processes and at the host from outside, and says what should not be so.
 * Shares nothing with the probes: it believes no word they print, except a secret that they should not know.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../test-bench.ts';

export interface Finding {
  /** Name of the probe, or what was found changed. */
  probe: string;
  finding: string;
}

const NAMESPACES = ['user', 'mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup', 'time'];
const FORBIDDEN_DESCRIPTORS =
  /anon_inode:.*(io_uring|userfaultfd|bpf|perf|fscontext|fanotify|inotify|secretmem|mount)|memfd:|^\/dev\/(?!null|zero|full|urandom|random|pts|tty$|shm)/;

const read = (path: string): Promise<string> => readFile(path, 'latin1').catch(() => '');
const link = (path: string): Promise<string> => readlink(path).catch(() => '');

export interface ProcessState {
  pid: number;
  comm: string;
  status: string;
  namespaces: Record<string, string>;
  mounts: string;
  descriptors: string[];
  oomScore: number;
}

async function stateOf(pid: number): Promise<ProcessState> {
  const base = `/proc/${pid}`;
  const descriptors = await readdir(`${base}/fd`).catch(() => []);
  return {
    pid,
    comm: (await read(`${base}/comm`)).trim(),
    status: await read(`${base}/status`),
    namespaces: Object.fromEntries(await Promise.all(NAMESPACES.map(async (name) => [name, await link(`${base}/ns/${name}`)] as const))),
    mounts: await read(`${base}/mountinfo`),
    descriptors: await Promise.all(descriptors.map((fd) => link(`${base}/fd/${fd}`))),
    oomScore: Number(await read(`${base}/oom_score_adj`)),
  };
}

/** Inode numbers of the unix sockets of a network namespace: a socket that is not among them is of another family. */
async function unixSockets(pid: number): Promise<Set<string>> {
  const lines = (await read(`/proc/${pid}/net/unix`)).split('\n').slice(1);
  return new Set(lines.map((line) => line.trim().split(/\s+/)[6] ?? ''));
}

/** What is wrong with one process of a sandbox. `baseline` is the sandbox's first Python. */
export async function inspect(state: ProcessState, baseline: ProcessState, uid: number): Promise<string[]> {
  const wrong: string[] = [];
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(state.status)?.[1]?.trim() ?? '';
  if (field('Uid') !== [uid, uid, uid, uid].join('\t')) wrong.push(`runs under the ids ${field('Uid')}`);
  for (const set of ['CapPrm', 'CapEff', 'CapAmb', 'CapInh'])
    if (Number.parseInt(field(set), 16) !== 0) wrong.push(`has capabilities ${set} ${field(set)}`);
  if (field('NoNewPrivs') !== '1') wrong.push('may gain privileges');
  if (field('Seccomp') !== '2') wrong.push('has no system call filter');
  if (field('TracerPid') !== '0') wrong.push('is traced');
  if (state.oomScore < 0) wrong.push('is shielded from the out-of-memory killer');
  for (const name of NAMESPACES) if (state.namespaces[name] !== baseline.namespaces[name]) wrong.push(`is in another ${name} namespace`);
  if (state.mounts !== baseline.mounts) wrong.push('has other mounts');
  const known = await unixSockets(state.pid);
  for (const target of state.descriptors) {
    if (FORBIDDEN_DESCRIPTORS.test(target)) wrong.push(`holds ${target}`);
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && !known.has(inode)) wrong.push('holds a socket that is no unix socket');
  }
  return wrong;
}

/** Processes under a uid, with their state. */
export async function processesOfUid(uid: number): Promise<ProcessState[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const states = await Promise.all(pids.map(stateOf));
  return states.filter((state) => new RegExp(`^Uid:\\s+${uid}\\s`, 'm').test(state.status));
}

/** Processes and threads under a uid right now; cheap. */
export async function countOfUid(uid: number): Promise<number> {
  let count = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = await read(`/proc/${name}/status`);
    if (new RegExp(`^Uid:\\s+${uid}\\s`, 'm').test(status)) count += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 1);
  }
  return count;
}

async function fingerprint(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    const about = await lstat(join(folder, name));
    const content = about.isFile()
      ? createHash('sha256')
          .update(await readFile(join(folder, name)))
          .digest('hex')
      : '';
    lines.push([name, about.mode, about.uid, about.size, about.nlink, Math.trunc(about.mtimeMs), content].join(' '));
  }
  const about = await lstat(folder);
  return [about.mode, about.uid, ...lines].join('\n');
}

/** Limits and processors of a process. */
async function constraints(pid: unknown): Promise<string> {
  const allowed = /^Cpus_allowed:.*$/m.exec(await read(`/proc/${String(pid)}/status`))?.[0] ?? '';
  return `${await read(`/proc/${String(pid)}/limits`)}${allowed}`;
}

/** Everything outside that a probe must not reach, and the means to see whether one did. */
export class Outside {
  readonly token: string;
  readonly targets: Record<string, unknown>;
  readonly folder: string;
  readonly #children: ChildProcess[];
  readonly #open: string;
  readonly #before: string;
  readonly #limitsBefore: string[];
  readonly #extra: string[];
  #came: string[] = [];

  private constructor(fields: {
    token: string;
    targets: Record<string, unknown>;
    folder: string;
    children: ChildProcess[];
    open: string;
    before: string;
    limits: string[];
    extra: string[];
  }) {
    this.token = fields.token;
    this.targets = fields.targets;
    this.folder = fields.folder;
    this.#children = fields.children;
    this.#open = fields.open;
    this.#before = fields.before;
    this.#limitsBefore = fields.limits;
    this.#extra = fields.extra;
  }

  /** `uid`: a victim and a file are given to it, so that only the sandbox stands between. */
  static async build(base: string, uid: number): Promise<Outside> {
    const token = `secret${randomBytes(12).toString('hex')}`;
    const folder = await mkdtemp(join(base, 'ensemble-outside-'));
    await chmod(folder, 0o755);
    const open = join(folder, 'open');
    await mkdir(open);
    await chmod(open, 0o777);
    await writeFile(join(open, 'canary'), 'canary');
    await chmod(join(open, 'canary'), 0o666);
    await writeFile(join(open, 'owned'), 'owned');
    if (process.getuid?.() === 0) await chown(join(open, 'owned'), uid, uid);
    const secretFiles: Record<string, string> = {};
    const extra = [`/tmp/ensemble-outside-${token.slice(6, 18)}`, `/dev/shm/ensemble-outside-${token.slice(6, 18)}`];
    const places = {
      data: join(folder, 'data'),
      artifacts: join(folder, 'artifacts', 'ab'),
      home: join(folder, 'home', '.ssh'),
      tmp: extra[0] ?? '',
      shm: extra[1] ?? '',
    };
    for (const [name, place] of Object.entries(places)) {
      await mkdir(place, { recursive: true });
      secretFiles[name] = join(place, 'file.txt');
      await writeFile(secretFiles[name], token);
      // A name that is secret too: listing the folder is not allowed either.
      await writeFile(join(place, `${token}.name`), '');
    }
    const asUid = process.getuid?.() === 0 ? ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'] : [];
    const abstractName = `ensemble-${randomBytes(6).toString('hex')}`;
    const victimCode =
      'import ctypes,sys,time; b = ctypes.create_string_buffer(sys.argv[1].encode()); print(ctypes.addressof(b), flush=True); time.sleep(600)';
    const start = (command: string[]): { child: ChildProcess; output: () => string } => {
      const [program = '', ...args] = command;
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] ?? '', TOKEN: token } });
      let output = '';
      child.stdout?.on('data', (bytes: Buffer) => (output += bytes.toString('utf8')));
      return { child, output: () => output };
    };
    const listening = start(['/usr/bin/python3', join(import.meta.dirname, 'outside_targets.py'), token, folder, abstractName]);
    const victim = start([...asUid, '/usr/bin/python3', '-c', victimCode, token]);
    const about = JSON.parse(
      await until('the listeners', () => listening.output().includes('\n') && (listening.output().split('\n')[0] ?? '')),
    ) as Record<string, number | string>;
    const address = Number(await until('the victim', () => victim.output().includes('\n') && victim.output()));
    const targets = {
      secretFiles,
      openFolder: open,
      daemonPid: process.pid,
      victimPid: victim.child.pid,
      victimAddress: address,
      rootVictimPid: about['pid'],
      port: about['port'],
      sharedMemoryKey: about['key'],
      socketPath: about['path'],
      abstractName,
    };
    const limits = await Promise.all([victim.child.pid, about['pid']].map((pid) => constraints(pid)));
    const outside = new Outside({
      token,
      targets,
      folder,
      children: [listening.child, victim.child],
      open,
      before: await fingerprint(open),
      limits,
      extra,
    });
    listening.child.stdout?.on('data', (bytes: Buffer) => outside.#came.push(...(bytes.toString('utf8').match(/CAME \w+/g) ?? [])));
    return outside;
  }

  /** What was changed, reached or hurt so far. */
  async damage(): Promise<Finding[]> {
    const found: Finding[] = [];
    const now = await fingerprint(this.#open);
    if (now !== this.#before) found.push({ probe: 'files outside', finding: `changed to\n${now}\nfrom\n${this.#before}` });
    for (const came of this.#came) found.push({ probe: 'listeners', finding: `somebody ${came}` });
    for (const child of this.#children) {
      const pid = child.pid ?? 0;
      // Awake for a moment is nothing that a probe did.
      const status = await until('a victim to sleep or to be hurt', async () => {
        const text = await read(`/proc/${pid}/status`);
        return !/^State:\s+[RD]/m.test(text) && (text || 'gone');
      });
      if (!/^State:\s+S/m.test(status))
        found.push({ probe: 'victims', finding: `process ${pid} is ${/^State:.*$/m.exec(status)?.[0] ?? 'gone'}` });
      if (!/^TracerPid:\s+0$/m.test(status)) found.push({ probe: 'victims', finding: `process ${pid} is traced` });
      if (!/^SigQ:\s+0\//m.test(status) && !/^SigQ:/m.test(status))
        found.push({ probe: 'victims', finding: `process ${pid} has signals waiting` });
      const order = [this.#children[1]?.pid, this.#children[0]?.pid].indexOf(pid);
      if (order >= 0 && (await constraints(pid)) !== this.#limitsBefore[order])
        found.push({ probe: 'victims', finding: `the limits of process ${pid} were changed` });
      const nice = (await read(`/proc/${pid}/stat`)).split(') ')[1]?.split(' ')[16];
      if (nice !== '0') found.push({ probe: 'victims', finding: `process ${pid} has the priority ${nice}` });
    }
    return found;
  }

  /** Secrets that occur in what the probes printed, by line. */
  loot(output: string): string[] {
    const secrets = [this.token];
    for (const path of ['/etc/shadow', '/etc/passwd', '/etc/hosts']) {
      try {
        const line = execFileSync('head', ['-n1', path], { stdio: ['ignore', 'pipe', 'ignore'] })
          .toString()
          .trim();
        // The same in every container.
        if (line.length > 8 && !/\slocalhost$/.test(line)) secrets.push(line);
      } catch {
        continue;
      }
    }
    return output.split('\n').filter((line) => secrets.some((secret) => line.includes(secret)));
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const path of [this.folder, ...this.#extra]) await rm(path, { recursive: true, force: true });
  }
}

/** The first process of a warm sandbox, which its children must not hurt, stop or change. */
export class Zygote {
  readonly pid: number;
  readonly #before: string;

  private constructor(pid: number, before: string) {
    this.pid = pid;
    this.#before = before;
  }

  static async find(uid: number): Promise<Zygote> {
    const pid = await until(
      'the zygote',
      async () => (await processesOfUid(uid)).find(({ status }) => /^NSpid:(?:\s+\d+)*\s+1$/m.test(status))?.pid,
    );
    return new Zygote(pid, await Zygote.#facts(pid));
  }

  static async #facts(pid: number): Promise<string> {
    const fields = ((await read(`/proc/${pid}/stat`)).split(') ')[1] ?? '').split(' ');
    const status = await read(`/proc/${pid}/status`);
    const picked = status.match(/^(?:Name|Umask|TracerPid|Uid|Gid|Sig\w+|Cap\w+|NoNewPrivs|Seccomp\w*|Threads|SigQ):.*$/gm)?.join('\n');
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const open = await Promise.all(descriptors.slice(0, 3).map((fd) => link(`/proc/${pid}/fd/${fd}`)));
    // Priority, nice value and start time.
    return [picked, fields[15], fields[16], fields[19], await read(`/proc/${pid}/oom_score_adj`), await constraints(pid), ...open].join(
      '\n',
    );
  }

  /** Looked at while a child runs and afterwards. */
  async damage(): Promise<Finding[]> {
    const state = await until('the zygote to sleep', async () => {
      const status = await read(`/proc/${this.pid}/status`);
      return !/^State:\s+[RD]/m.test(status) && (/^State:\s+(\S)/m.exec(status)?.[1] ?? 'gone');
    });
    if (state !== 'S') return [{ probe: 'the zygote', finding: `is ${state}` }];
    const now = await Zygote.#facts(this.pid);
    return now === this.#before ? [] : [{ probe: 'the zygote', finding: `changed to\n${now}\nfrom\n${this.#before}` }];
  }
}
