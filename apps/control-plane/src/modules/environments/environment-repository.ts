/** Rows of `environment`. */
import type { EnvironmentFault, EnvironmentState } from '@ensemble/protocol';
import type { Database } from '../../platform/database/database.ts';

export interface EnvironmentRow {
  setId: string;
  requirements: string[];
  state: EnvironmentState;
  message: string;
  fault: EnvironmentFault | undefined;
  packages: number | undefined;
  bytes: number | undefined;
}

export interface EnvironmentRepository {
  find(setId: string): Promise<EnvironmentRow | undefined>;
  /** ENV-1: the lock that counts after this. `offer` becomes it when there is none. */
  lockOf(setId: string, requirements: readonly string[], offer: string | undefined): Promise<string | undefined>;
  save(row: EnvironmentRow): Promise<void>;
  /** Of one that failed: as if nobody had ever asked. */
  forgetLock(setId: string): Promise<void>;
}

interface Stored {
  id: string;
  requirements: string[];
  state: EnvironmentState;
  message: string;
  fault: EnvironmentFault | null;
  packages: number | null;
  bytes: bigint | null;
}

export function createEnvironmentRepository({ sql, transaction }: Pick<Database, 'sql' | 'transaction'>): EnvironmentRepository {
  return {
    async find(setId) {
      const [row] = await sql.query<Stored>(`SELECT * FROM environment WHERE id = $1`, [setId]);
      if (!row) return undefined;
      const { id, fault, packages, bytes, requirements, state, message } = row;
      return {
        setId: id,
        requirements,
        state,
        message,
        fault: fault ?? undefined,
        packages: packages ?? undefined,
        bytes: bytes === null ? undefined : Number(bytes),
      };
    },
    lockOf: (setId, requirements, offer) =>
      transaction(async (tx) => {
        await tx.query(
          `INSERT INTO environment (id, requirements, state, message) VALUES ($1, $2::jsonb, 'requested', '') ON CONFLICT (id) DO NOTHING`,
          [setId, JSON.stringify(requirements)],
        );
        if (offer !== undefined)
          await tx.query(`UPDATE environment SET lock_sha256 = $2 WHERE id = $1 AND lock_sha256 IS NULL`, [setId, offer]);
        const [row] = await tx.query<{ lock: string | null }>(`SELECT lock_sha256 AS lock FROM environment WHERE id = $1`, [setId]);
        return row?.lock ?? undefined;
      }),
    async save({ setId, requirements, state, message, fault, packages, bytes }) {
      await sql.query(
        `INSERT INTO environment (id, requirements, state, message, fault, packages, bytes) VALUES ($1, $2::jsonb, $3, $4, $5::jsonb, $6::int, $7::bigint)
         ON CONFLICT (id) DO UPDATE SET state = $3, message = $4, fault = $5::jsonb, packages = $6::int, bytes = $7::bigint, updated_at = now()`,
        [setId, JSON.stringify(requirements), state, message, fault ? JSON.stringify(fault) : null, packages ?? null, bytes ?? null],
      );
    },
    async forgetLock(setId) {
      await sql.query(`UPDATE environment SET lock_sha256 = NULL WHERE id = $1 AND state = 'failed'`, [setId]);
    },
  };
}
