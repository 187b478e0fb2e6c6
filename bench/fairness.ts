/**
 * How long ten cards of one project wait while another has 10,000 in the queue: the control plane's own dispatcher, beside runners
 * that are simulated (they take what they are given, and every card takes the same time). `node bench/fairness.ts`.
 * What is measured and not simulated is the time the dispatcher takes for one decision with the whole backlog in it.
 */
import { Dispatcher } from '../apps/control-plane/src/modules/runners/index.ts';
import { machine, quantiles, round, writeRecord } from './lib/report.ts';

const SLOTS = 2;
const CARD_MS = 1_000;
const about = machine();
const decisions: number[] = [];

/** Milliseconds until the last of ten cards begins, and until it ends. */
function wait(backlog: number, interactive: boolean): { begins: number; ends: number } {
  const dispatcher = new Dispatcher();
  const capacity = { pools: ['cpu'], slots: SLOTS, cpus: SLOTS, memoryBytes: 8 * 2 ** 30, gpus: 0, takes: true };
  dispatcher.setRunners([{ runnerId: 'r', ...capacity }]);
  const entry = (attemptId: string, projectId: string, isSmall: boolean) => ({
    attemptId,
    runId: `${projectId}-run`,
    projectId,
    need: { pool: 'cpu', gpus: 0 },
    interactive: isSmall && interactive,
  });
  for (let n = 0; n < backlog; n += 1) dispatcher.put(entry(`big-${n}`, 'big', false));
  const given: ReturnType<typeof entry>[] = [];
  let running: { entry: ReturnType<typeof entry>; until: number }[] = [];
  let begins = 0;
  for (let now = 0; now < 3_600_000; now += CARD_MS) {
    // The others are in the middle of their work when these come.
    if (now === 10 * CARD_MS) for (let n = 0; n < 10; n += 1) dispatcher.put(entry(`small-${n}`, 'small', true));
    for (const done of running.filter(({ until }) => until <= now)) dispatcher.ended(done.entry.attemptId, now);
    running = running.filter(({ until }) => until > now);
    const from = performance.now();
    given.push(...dispatcher.place(now).map((placement) => placement.entry));
    if (backlog > 0) decisions.push(performance.now() - from);
    for (const next of given.splice(0, SLOTS - running.length)) {
      dispatcher.claimed(next, 'r', now);
      running.push({ entry: next, until: now + CARD_MS });
      if (next.projectId === 'small') begins = now;
    }
    if (now > 10 * CARD_MS && ![...dispatcher.ofRun('small-run')].length)
      return { begins: begins - 10 * CARD_MS, ends: now - 10 * CARD_MS };
  }
  throw new Error('the ten cards never ended');
}

const rows = [
  { what: 'alone', ...wait(0, true) },
  { what: 'beside 10,000 cards, somebody looking on', ...wait(10_000, true) },
  { what: 'beside 10,000 cards, as a large run', ...wait(10_000, false) },
  { what: 'first come, first served would be', begins: (10_000 / SLOTS - 10) * CARD_MS, ends: (10_000 / SLOTS - 5) * CARD_MS },
];
console.table(
  rows.map(({ what, begins, ends }) => ({
    'ten cards of 1 s on two slots': what,
    'last begins s': begins / 1_000,
    'all ended s': ends / 1_000,
  })),
);
const decision = quantiles(decisions);
console.log(`One decision with the backlog: p50 ${decision.p50} ms, p99 ${decision.p99} ms, worst ${round(Math.max(...decisions))} ms.`);
writeRecord('fairness', {
  at: new Date().toISOString(),
  machine: about,
  setting: { slots: SLOTS, cardMs: CARD_MS, runners: 'simulated' },
  rows,
  decisionMs: decision,
});
