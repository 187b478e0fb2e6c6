/** What an edit answers. Refusals are expected (a colleague was faster, a person dropped a wire on a wrong port) and are not thrown. */
export type RefusalCode =
  'invalid' | 'node-gone' | 'node-exists' | 'not-empty' | 'self-edge' | 'unknown-port' | 'type-mismatch' | 'input-taken' | 'cycle';

export interface Refusal {
  ok: false;
  code: RefusalCode;
  /** One sentence for people. */
  message: string;
}
export type EditResult<Outcome = unknown> = ({ ok: true } & Outcome) | Refusal;

export const refuse = (code: RefusalCode, message: string): Refusal => ({ ok: false, code, message });
export const nodeGone = (id: string): Refusal => refuse('node-gone', `The node "${id.slice(0, 200)}" is no longer in the pipeline.`);
