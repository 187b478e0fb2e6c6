import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dockerProfile } from './docker-profile.ts';
import { buildSeccompProgram, syscallNumber, type Processor, type SeccompProfile } from './seccomp-program.ts';
import { SYSCALLS, type SyscallName } from './syscall-table.ts';

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const errno = (value: number): number => value & 0xffff;
const ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** A tiny classic BPF machine: what the kernel would answer. */
function answer(program: Buffer, number: number, arch: number, args: number[] = []): number {
  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at += 1) {
    const [code, jt, jf, k] = [
      program.readUInt16LE(at * 8),
      program.readUInt8(at * 8 + 2),
      program.readUInt8(at * 8 + 3),
      program.readUInt32LE(at * 8 + 4),
    ];
    if (code === 0x06) return k;
    if (code === 0x20) accumulator = k === 0 ? number : k === 4 ? arch : (args[(k - 16) / 8] ?? 0);
    else if (code === 0x54) accumulator = (accumulator & k) >>> 0;
    else if (code === 0x15) at += accumulator === k ? jt : jf;
    else if (code === 0x35) at += accumulator >= k ? jt : jf;
    else if (code === 0x45) at += (accumulator & k) >>> 0 !== 0 ? jt : jf;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error('the program ran off its end');
}

const cases = (['x64', 'arm64'] as Processor[]).flatMap((processor) =>
  (['namespaced', 'shared'] as SeccompProfile[]).map((profile) => ({
    processor,
    profile,
    program: buildSeccompProgram(processor, profile),
  })),
);

describe.each(cases)('seccomp for $processor, $profile', ({ processor, profile, program }) => {
  const ask = (name: SyscallName, ...args: number[]): number =>
    answer(program, syscallNumber(name, processor) ?? -1, ARCH[processor], args);

  it('allows exactly the listed numbers', () => {
    const listed = new Set((Object.keys(SYSCALLS) as SyscallName[]).map((name) => syscallNumber(name, processor)));
    let allowed = 0;
    for (let number = 0; number <= 700; number += 1) {
      const verdict = answer(program, number, ARCH[processor]);
      if (!listed.has(number)) expect(verdict, `system call ${number}`).not.toBe(ALLOW);
      if (verdict === ALLOW) allowed += 1;
    }
    expect(allowed).toBeGreaterThan(170);
  });

  it('kills a program of another processor', () => {
    expect(answer(program, 0, 0x40000003)).toBe(KILL);
    if (processor === 'x64') expect(answer(program, 0x40000000 + 1, ARCH.x64)).toBe(KILL);
  });

  it('has no internet socket at any level and a unix socket only in namespaces', () => {
    for (const family of [2, 10, 16, 17, 40]) expect(errno(ask('socket', family))).toBe(100);
    if (profile === 'namespaced') expect(ask('socket', 1)).toBe(ALLOW);
    else expect(errno(ask('socket', 1))).toBe(100);
  });

  it('lets threads start and namespaces not', () => {
    expect(ask('clone', 0x3d0f00)).toBe(ALLOW);
    for (const flag of [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]) {
      expect(errno(ask('clone', flag)), flag.toString(16)).toBe(1);
    }
    expect(errno(ask('clone3'))).toBe(38);
  });

  it('allows stream pairs only, harmless ioctls only, own limits only', () => {
    expect(ask('socketpair', 1, 1 | 0x80000)).toBe(ALLOW);
    expect(errno(ask('socketpair', 1, 2))).toBe(1);
    expect(ask('ioctl', 1, 0x5401)).toBe(ALLOW);
    expect(errno(ask('ioctl', 1, 0x5412))).toBe(25);
    expect(ask('prlimit64', 0)).toBe(ALLOW);
    expect(errno(ask('prlimit64', 4711))).toBe(1);
    expect(ask('prctl', 15)).toBe(ALLOW);
    expect(ask('prctl', 1)).toBe(0x00050000);
  });

  it('skips changes of modes and owners only where no mount namespace hides other files', () => {
    expect(ask('fchmodat')).toBe(profile === 'shared' ? 0x00050000 : ALLOW);
    expect(ask('fchmod')).toBe(ALLOW);
  });
});

/** What Docker's filter would answer: the errno, or null when the call is made. */
function dockerAnswer(profile: ReturnType<typeof dockerProfile>, name: SyscallName, args: number[]): number | null {
  const matching = profile.syscalls.filter(
    (rule) =>
      rule.names.includes(name) &&
      (rule.args ?? []).every(({ index, op, value, valueTwo }) => {
        const given = args[index] ?? 0;
        if (op === 'SCMP_CMP_MASKED_EQ') return (given & value) >>> 0 === valueTwo;
        return (given === value) === (op === 'SCMP_CMP_EQ');
      }),
  );
  expect(matching.length, `${name} ${args.join()}`).toBeLessThanOrEqual(1);
  const [rule] = matching;
  return rule === undefined ? 1 : rule.action === 'SCMP_ACT_ALLOW' ? null : (rule.errnoRet ?? 1);
}

it.each(['x64', 'arm64'] as const)('gives Docker on %s the same answers', (processor) => {
  const program = buildSeccompProgram(processor, 'namespaced');
  const profile = dockerProfile(processor, 'cpu');
  const asked: [SyscallName, number[]][] = [
    ...(Object.keys(SYSCALLS) as SyscallName[]).map((name): [SyscallName, number[]] => [name, []]),
    ...[0x3d0f00, 0x11, 0x20000, 0x10000000, 0x80].map((flags): [SyscallName, number[]] => ['clone', [flags]]),
    ...[0x5401, 0x541b, 0x40049409, 0x5410].map((request): [SyscallName, number[]] => ['ioctl', [0, request]]),
    ...[1, 2, 10, 16, 40].map((family): [SyscallName, number[]] => ['socket', [family, 1]]),
    ...[1, 0x80001, 2, 0x802, 5].map((type): [SyscallName, number[]] => ['socketpair', [1, type]]),
    ['socketpair', [2, 1]],
    ['prctl', [1]],
    ['prctl', [15]],
    ['prlimit64', [0]],
    ['prlimit64', [77]],
  ];
  for (const [name, args] of asked) {
    const number = syscallNumber(name, processor);
    if (number === null || (name === 'ioctl' && args.length === 0)) continue;
    const verdict = answer(program, number, ARCH[processor], args);
    expect(dockerAnswer(profile, name, args), `${name} ${args.join()}`).toBe(verdict === ALLOW ? null : errno(verdict));
  }
  // What is not in words here has no number either: refused.
  expect(dockerAnswer(profile, 'ioctl', [0, 0x5412])).toBe(1);
  expect(profile.syscalls.flatMap((rule) => rule.names).every((name) => name in SYSCALLS)).toBe(true);
  expect(dockerAnswer(dockerProfile(processor, 'gpu'), 'ioctl', [0, 0xc00846d0])).toBeNull();
});

const header = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h';
const text = (() => {
  try {
    return readFileSync(header, 'utf8');
  } catch {
    return '';
  }
})();

it.skipIf(text === '')('agrees with the kernel header of this machine where the header knows the call', () => {
  let compared = 0;
  for (const [name, [x64]] of Object.entries(SYSCALLS)) {
    const found = new RegExp(`#define __NR_${name}\\s+(\\d+)`).exec(text);
    if (!found) continue;
    expect(Number(found[1]), name).toBe(x64);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(200);
});
