import { CLOSE } from '@ensemble/protocol';

/**
 * Thrown out of a Hocuspocus hook to close one document for one client. The empty message matters: Hocuspocus
 * prints every message of a hook's error, and a hostile client could fill the log with it.
 */
export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(kind: keyof typeof CLOSE) {
    super('');
    this.name = 'Refusal';
    // It is printed as well, and says nothing that the reason does not.
    delete this.stack;
    this.code = CLOSE[kind].code;
    this.reason = CLOSE[kind].reason;
  }
}
