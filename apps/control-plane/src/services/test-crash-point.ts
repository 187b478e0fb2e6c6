/**
 * A process that dies at its n-th await: from then on nothing it waits for ever comes, and what it had open in a
 * transaction is rolled back. The database, the queue and the artifacts live on.
 */
import type { ArtifactStore } from '@ensemble/artifact-store';
import type { Bus } from '../platform/bus/bus.ts';
import type { Database, Sql } from '../platform/database/database.ts';

class Died extends Error {}

export class CrashPoint {
  /** Resolves when the process dies. */
  readonly death: Promise<'died'>;
  dead = false;
  #left: number;
  #die: (value: 'died') => void;

  /** Dies at the `n`-th point, counted from 1. */
  constructor(n: number) {
    const { promise, resolve } = Promise.withResolvers<'died'>();
    this.death = promise;
    this.#die = resolve;
    this.#left = n;
  }

  /** Before and after everything that leaves the process. */
  async pass(): Promise<void> {
    if (this.#takesLife()) await new Promise<never>(() => undefined);
  }

  database(real: Database): Database {
    return {
      ...real,
      sql: { query: (text, params) => this.#around(() => real.sql.query(text, params)) },
      transaction: (work) => this.#around(() => this.#transaction(real, work)),
    };
  }

  store(real: ArtifactStore): Pick<ArtifactStore, 'put'> {
    return { put: (content, options) => this.#around(() => real.put(content, options)) };
  }

  bus(real: Bus): Bus {
    return {
      start: (handlers) => this.#around(() => real.start(handlers)),
      serveRunner: (runnerId) => real.serveRunner(runnerId),
      forgetRunner: (runnerId) => real.forgetRunner(runnerId),
      publishAssignment: (...args) => this.#around(() => real.publishAssignment(...args)),
      warm: (...args) => real.warm(...args),
      serveEnvironments: (handlers) => real.serveEnvironments(handlers),
      prepareEnvironment: (request) => real.prepareEnvironment(request),
      endDelivery: (subject) => this.#around(() => real.endDelivery(subject)),
      cancel: (...args) => this.#around(() => real.cancel(...args)),
      readLog: (...args) => real.readLog(...args),
      readMetrics: (...args) => real.readMetrics(...args),
      watchAttempt: (...args) => real.watchAttempt(...args),
      connected: () => real.connected(),
      close: () => real.close(),
    };
  }

  async #transaction<T>(real: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
    try {
      return await real.transaction(async (sql) => {
        const result = await work({
          query: async (text, params) => {
            this.#throwWhenDead();
            const rows = await sql.query<never>(text, params);
            this.#throwWhenDead();
            return rows;
          },
        });
        this.#throwWhenDead();
        return result;
      });
    } catch (error) {
      if (error instanceof Died) await new Promise<never>(() => undefined);
      throw error;
    }
  }

  async #around<T>(call: () => Promise<T>): Promise<T> {
    await this.pass();
    const result = await call();
    await this.pass();
    return result;
  }

  #throwWhenDead(): void {
    if (this.#takesLife()) throw new Died('rolled back');
  }

  #takesLife(): boolean {
    if (!this.dead && --this.#left === 0) {
      this.dead = true;
      this.#die('died');
    }
    return this.dead;
  }
}
