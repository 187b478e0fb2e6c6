/** Runs a card-like program in an engine and checks from inside that the walls stand, whatever they are made of. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionEngine, Sandbox, SandboxLimits } from './execution-engine.ts';

/** Runs as the card's uid; exits 0 when everything a card needs works and everything it must not do is refused. */
const PROBE = `
import os, socket, sys
def refused(what, action):
    try:
        action()
    except OSError:
        return
    sys.exit(what + ' was not refused')
job, outside = sys.argv[1], sys.argv[2]
import ensemble_harness
import pandas, pyarrow
pandas.DataFrame({'a': [1, 2]}).to_parquet(job + '/out/probe.parquet')
assert len(pandas.read_parquet(job + '/out/probe.parquet')) == 2
with open(os.path.join(os.environ['TMPDIR'], 'probe'), 'w') as file:
    file.write('x')
refused('an internet socket', lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))
refused('reading outside', lambda: open(outside).read())
refused('writing into the job', lambda: open(job + '/x', 'w'))
# In a pid namespace the number means nothing.
if os.environ['ENSEMBLE_ISOLATION'] == 'L3': refused('a signal to the daemon', lambda: os.kill(int(sys.argv[3]), 0))
refused('a new namespace', lambda: (_ for _ in ()).throw(OSError()) if __import__('ctypes').CDLL(None).unshare(0x10000000) < 0 else None)
status = open('/proc/self/status').read()
assert 'Seccomp:\\t2' in status, 'no seccomp filter'
assert 'NoNewPrivs:\\t1' in status, 'new privileges possible'
assert int(status.split('CapEff:')[1].split()[0], 16) == 0, 'capabilities left'
if os.getuid() == 0: sys.exit('still root')
print('probe passed', flush=True)
# As the harness does: threads of pyarrow that still end may abort a process that takes itself down.
os._exit(0)
`;

/** Exits 0 when the driver gives as many devices as the argument says, and the first can be used. */
const GPU_PROBE = `
import ctypes, sys
cuda = ctypes.CDLL('libcuda.so.1')
if cuda.cuInit(0) != 0: sys.exit('the driver does not start')
count, context = ctypes.c_int(), ctypes.c_void_p()
if cuda.cuDeviceGetCount(ctypes.byref(count)) != 0 or count.value < int(sys.argv[1]): sys.exit(f'the driver shows {count.value} devices')
if cuda.cuDevicePrimaryCtxRetain(ctypes.byref(context), 0) != 0: sys.exit('the first device gives no context')
print('probe passed', flush=True)
`;

/** Runs a program to its end. Null when it said that it passed, else what it said last. */
async function tryOut(
  engine: ExecutionEngine,
  name: string,
  args: (sandbox: Sandbox) => string[],
  limits: SandboxLimits,
): Promise<string | null> {
  const place = { attemptId: `${name}-${engine.isolation}-${process.pid}`, runId: `${name}-${process.pid}`, slot: 0 };
  let output = '';
  try {
    const sandbox = await engine.prepare(place);
    try {
      const end = await engine.run(sandbox, { args: args(sandbox), environment: {} }, limits, {
        output: (bytes) => void (output += bytes.toString('utf8')),
        event: () => undefined,
      });
      if (end.exit !== null && 'code' in end.exit && end.exit.code === 0 && output.includes('probe passed')) return null;
      const last = output.trim().split('\n').at(-1) ?? '';
      return last === '' ? `the probe ended with ${JSON.stringify(end.exit ?? end.cause)}` : last;
    } finally {
      await engine.dispose(sandbox);
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const LIMITS: SandboxLimits = { memoryBytes: 2 * 1024 ** 3, wallSeconds: 60 };

/** Why the engine cannot be used here, or null when it can. */
export async function engineRefusal(engine: ExecutionEngine, workspace: string): Promise<string | null> {
  const outside = join(workspace, 'outside.txt');
  await writeFile(outside, 'not for cards');
  return tryOut(engine, 'probe', ({ inside }) => ['-c', PROBE, inside.job, outside, String(process.pid)], LIMITS);
}

/** Why the engine cannot give cards that many GPUs, or null when it can. */
export const gpuRefusal = (engine: ExecutionEngine, count: number): Promise<string | null> =>
  tryOut(engine, 'gpu-probe', () => ['-c', GPU_PROBE, String(count)], {
    ...LIMITS,
    gpus: Array.from({ length: count }, (_, index) => index),
  });
