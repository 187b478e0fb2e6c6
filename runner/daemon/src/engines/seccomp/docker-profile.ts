/**
 * The reviewed list of system calls as the profile that Docker reads. It gives the answers that `buildSeccompProgram` gives in a
 * sandbox with namespaces of its own, as a test compares; only, where an argument decides, what is refused says EPERM.
 */
import {
  ABSENT,
  AF_UNIX,
  CLONE_NEW_ANY,
  ENETDOWN,
  ENOSYS,
  ENOTTY,
  IOCTLS,
  PR_SET_PDEATHSIG,
  PRETEND,
  SOCK_STREAM,
  SOCK_TYPE_MASK,
  type Processor,
} from './seccomp-program.ts';
import { SYSCALLS, type SyscallName } from './syscall-table.ts';

interface Condition {
  index: number;
  op: 'SCMP_CMP_EQ' | 'SCMP_CMP_NE' | 'SCMP_CMP_MASKED_EQ';
  value: number;
  /** Of a masked comparison: `value` is the mask. */
  valueTwo?: number;
}

interface Rule {
  names: SyscallName[];
  action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO';
  errnoRet?: number;
  /** All of them. */
  args?: Condition[];
}

export interface DockerProfile {
  /** With EPERM. */
  defaultAction: 'SCMP_ACT_ERRNO';
  architectures: string[];
  syscalls: Rule[];
}

/** Docker's first process asks for the terminal, and goes on only when it is told that there is none. */
const TIOCSPGRP = 0x5410;

const allow = (name: SyscallName, ...args: Condition[]): Rule => ({ names: [name], action: 'SCMP_ACT_ALLOW', args });
const refuse = (errnoRet: number, name: SyscallName, ...args: Condition[]): Rule => ({
  names: [name],
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
  args,
});
const equal = (index: number, value: number): Condition => ({ index, op: 'SCMP_CMP_EQ', value });
const other = (index: number, value: number): Condition => ({ index, op: 'SCMP_CMP_NE', value });
const masked = (index: number, mask: number, value: number): Condition => ({
  index,
  op: 'SCMP_CMP_MASKED_EQ',
  value: mask,
  valueTwo: value,
});

/** `gpu`: the driver's own device calls as well; which devices there are, Docker decides. */
export function dockerProfile(processor: Processor, kind: 'cpu' | 'gpu'): DockerProfile {
  const special: Rule[] = [
    ...ABSENT.map((name) => refuse(ENOSYS, name)),
    allow('clone', masked(0, CLONE_NEW_ANY, 0)),
    ...(kind === 'gpu'
      ? [allow('ioctl')]
      : [...IOCTLS.map((request) => allow('ioctl', equal(1, request))), refuse(ENOTTY, 'ioctl', equal(1, TIOCSPGRP))]),
    refuse(PRETEND, 'prctl', equal(0, PR_SET_PDEATHSIG)),
    allow('prctl', other(0, PR_SET_PDEATHSIG)),
    allow('prlimit64', equal(0, 0)),
    refuse(PRETEND, 'sched_setaffinity'),
    allow('socketpair', equal(0, AF_UNIX), masked(1, SOCK_TYPE_MASK, SOCK_STREAM)),
    allow('socket', equal(0, AF_UNIX)),
    refuse(ENETDOWN, 'socket', other(0, AF_UNIX)),
  ];
  const decided = new Set(special.flatMap((rule) => rule.names));
  const plain = (Object.keys(SYSCALLS) as SyscallName[]).filter((name) => !decided.has(name));
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    // No other, so that calls of 32-bit programs end the process.
    architectures: [processor === 'x64' ? 'SCMP_ARCH_X86_64' : 'SCMP_ARCH_AARCH64'],
    syscalls: [{ names: plain, action: 'SCMP_ACT_ALLOW' }, ...special],
  };
}
