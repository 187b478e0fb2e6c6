/**
 * Turns the reviewed list of system calls into a classic BPF program for `seccomp(2)`.
 * Pure: knows nothing of processes; the launcher or bubblewrap loads the bytes.
 */
import { NEWEST_REVIEWED_SYSCALL, SYSCALLS, type SyscallName } from './syscall-table.ts';

export type Processor = 'x64' | 'arm64';
/** `namespaced`: the sandbox has its own pid, network and ipc namespaces. `shared`: it has not, so more is refused. */
export type SeccompProfile = 'namespaced' | 'shared';

interface Instruction {
  code: number;
  jt: number;
  jf: number;
  k: number;
}

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_IF_BITS = 0x45;
const AND = 0x54;
const RETURN = 0x06;

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const refuse = (errno: number): number => 0x00050000 | errno;

const EPERM = 1;
export const ENOSYS = 38;
export const ENOTTY = 25;
const EOPNOTSUPP = 95;
export const ENETDOWN = 100;
/** The call is skipped and the program is told that it worked. */
export const PRETEND = 0;

const OFFSET_NUMBER = 0;
const OFFSET_PROCESSOR = 4;
/** Low half of an argument; both processors are little-endian here. */
const argument = (index: number): number => 16 + 8 * index;

const AUDIT_ARCH: Record<Processor, number> = { x64: 0xc000003e, arm64: 0xc00000b7 };
const X32_BIT = 0x40000000;
export const CLONE_NEW_ANY = 0x7e020080;
export const AF_UNIX = 1;
export const SOCK_STREAM = 1;
export const SOCK_TYPE_MASK = 0xf;
export const PR_SET_PDEATHSIG = 1;
/** Terminal queries, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, FICLONE. TIOCSTI and device calls are not among them. */
export const IOCTLS = [0x5401, 0x540f, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451, 0x40049409];

/** Refused by name although listed, with the errno that makes libraries fall back. */
export const ABSENT: SyscallName[] = ['clone3', 'memfd_create'];
/**
 * Landlock does not look at changes of modes, owners and times, and without namespaces other processes of the
 * same user are in reach. Programs that copy files make these calls in passing, so they are skipped, not refused.
 */
const SKIPPED_WHEN_SHARED: SyscallName[] = [
  'chmod',
  'fchmodat',
  'fchmodat2',
  'chown',
  'lchown',
  'fchownat',
  'utime',
  'utimes',
  'futimesat',
  'utimensat',
];
const UNSUPPORTED_WHEN_SHARED: SyscallName[] = ['setxattr', 'lsetxattr', 'removexattr', 'lremovexattr'];
const NO_SOCKETS: SyscallName[] = ['socket', 'connect', 'bind', 'listen', 'accept', 'accept4'];

const load = (k: number): Instruction => ({ code: LOAD, jt: 0, jf: 0, k });
const end = (k: number): Instruction => ({ code: RETURN, jt: 0, jf: 0, k });
const when = (code: number, k: number, jt: number, jf: number): Instruction => ({ code, jt, jf, k });

/** Calls decided by their arguments; each body ends in a return. */
function argumentRules(profile: SeccompProfile): Partial<Record<SyscallName, Instruction[]>> {
  const onlyWhenEqual = (index: number, value: number, errno: number): Instruction[] => [
    load(argument(index)),
    when(JUMP_EQUAL, value, 0, 1),
    end(ALLOW),
    end(refuse(errno)),
  ];
  return {
    clone: [load(argument(0)), when(JUMP_IF_BITS, CLONE_NEW_ANY, 0, 1), end(refuse(EPERM)), end(ALLOW)],
    ioctl: [load(argument(1)), ...IOCTLS.flatMap((request) => [when(JUMP_EQUAL, request, 0, 1), end(ALLOW)]), end(refuse(ENOTTY))],
    // A card must not take off the signal that ends it with its launcher.
    prctl: [load(argument(0)), when(JUMP_EQUAL, PR_SET_PDEATHSIG, 0, 1), end(refuse(PRETEND)), end(ALLOW)],
    prlimit64: onlyWhenEqual(0, 0, EPERM),
    sched_setaffinity: [end(refuse(PRETEND))],
    // Datagram pairs could be pointed at another address with sendmsg, so only streams.
    socketpair: [
      load(argument(0)),
      when(JUMP_EQUAL, AF_UNIX, 1, 0),
      end(refuse(EPERM)),
      load(argument(1)),
      { code: AND, jt: 0, jf: 0, k: SOCK_TYPE_MASK },
      when(JUMP_EQUAL, SOCK_STREAM, 0, 1),
      end(ALLOW),
      end(refuse(EPERM)),
    ],
    ...(profile === 'namespaced' ? { socket: onlyWhenEqual(0, AF_UNIX, ENETDOWN) } : {}),
  };
}

const fixedAnswers = (profile: SeccompProfile): [SyscallName, number][] => [
  ...ABSENT.map((name): [SyscallName, number] => [name, ENOSYS]),
  ...(profile === 'shared'
    ? [
        ...SKIPPED_WHEN_SHARED.map((name): [SyscallName, number] => [name, PRETEND]),
        ...UNSUPPORTED_WHEN_SHARED.map((name): [SyscallName, number] => [name, EOPNOTSUPP]),
        ...NO_SOCKETS.map((name): [SyscallName, number] => [name, ENETDOWN]),
      ]
    : []),
];

/** The number of a call on a processor, or null where it has none. */
export const syscallNumber = (name: SyscallName, processor: Processor): number | null => SYSCALLS[name][processor === 'x64' ? 0 : 1];

/** Ascending, gapless ranges of numbers. */
function ranges(numbers: number[]): [number, number][] {
  const result: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = result.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else result.push([number, number]);
  }
  return result;
}

function assemble(processor: Processor, profile: SeccompProfile): Instruction[] {
  const program: Instruction[] = [load(OFFSET_PROCESSOR), when(JUMP_EQUAL, AUDIT_ARCH[processor], 1, 0), end(KILL), load(OFFSET_NUMBER)];
  if (processor === 'x64') program.push(when(JUMP_AT_LEAST, X32_BIT, 0, 1), end(KILL));
  program.push(when(JUMP_AT_LEAST, NEWEST_REVIEWED_SYSCALL + 1, 0, 1), end(refuse(ENOSYS)));

  const decided = new Set<SyscallName>();
  for (const [name, errno] of fixedAnswers(profile)) {
    decided.add(name);
    const number = syscallNumber(name, processor);
    if (number !== null) program.push(when(JUMP_EQUAL, number, 0, 1), end(refuse(errno)));
  }
  for (const [name, body] of Object.entries(argumentRules(profile)) as [SyscallName, Instruction[]][]) {
    decided.add(name);
    const number = syscallNumber(name, processor);
    if (number !== null) program.push(when(JUMP_EQUAL, number, 0, body.length), ...body);
  }
  const plain = (Object.keys(SYSCALLS) as SyscallName[]).filter((name) => !decided.has(name));
  const numbers = plain.map((name) => syscallNumber(name, processor)).filter((number) => number !== null);
  for (const [low, high] of ranges(numbers)) {
    // Ranges ascend: below this one and not in an earlier one means not listed.
    program.push(when(JUMP_AT_LEAST, low, 1, 0), end(refuse(EPERM)), when(JUMP_AT_LEAST, high + 1, 1, 0), end(ALLOW));
  }
  program.push(end(refuse(EPERM)));
  return program;
}

/** The program as the kernel reads it: 8 bytes an instruction. */
export function buildSeccompProgram(processor: Processor, profile: SeccompProfile): Buffer {
  const program = assemble(processor, profile);
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(({ code, jt, jf, k }, index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jt, index * 8 + 2);
    bytes.writeUInt8(jf, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  });
  return bytes;
}
