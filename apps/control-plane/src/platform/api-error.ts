/** The catalogue of errors the API answers with: code, status, one sentence, and who can mend it. Knows nothing of HTTP. */

import type { ApiErrorBody, Mender } from '@ensemble/protocol';

/** One of several things wrong with a request or a pipeline, and where. */
export interface Problem {
  code: string;
  message: string;
  nodeId?: string;
  field?: string;
  port?: string;
}

/** Every code the API answers with. `docs/errors.md` is this list, and `GET /api/errors` answers with it. */
export const ERRORS = {
  'bad-request': { status: 400, meaning: 'The request does not have the expected form; `problems` says which field.', mender: 'you' },
  'not-signed-in': { status: 401, meaning: 'Nobody is signed in, or the session has ended.', mender: 'you' },
  forbidden: { status: 403, meaning: 'The role in the project does not allow this.', mender: 'the owner of the project' },
  'operator-only': { status: 403, meaning: 'Only who administers the installation may do this.', mender: 'the administrator' },
  'foreign-origin': {
    status: 403,
    meaning: 'The page the request came from, or the name it called the server by, is none of this installation.',
    mender: 'the administrator',
  },
  'not-found': { status: 404, meaning: 'There is no such thing, or the asker has no access to it.', mender: 'you' },
  conflict: { status: 409, meaning: 'The state of things has moved on; read it again, then decide.', mender: 'you' },
  'link-used': { status: 410, meaning: 'The link has been used or has expired.', mender: 'the owner of the project' },
  'too-large': { status: 413, meaning: 'The request or file is larger than this server accepts.', mender: 'you' },
  'invalid-pipeline': { status: 422, meaning: 'The pipeline cannot run as it is; `problems` says where and why.', mender: 'you' },
  'invalid-trial': { status: 422, meaning: 'The card cannot be run by itself as it is; `problems` says where and why.', mender: 'you' },
  'invalid-file': { status: 422, meaning: 'A file is broken, or not what its name says, or has no table in it.', mender: 'you' },
  'too-heavy': { status: 422, meaning: 'A query takes more time or memory than a table may have.', mender: 'you' },
  'too-many-requests': { status: 429, meaning: 'Too many requests came from this address.', mender: 'nobody: try again' },
  internal: { status: 500, meaning: 'The server has a fault; its log says more under the request id.', mender: 'the administrator' },
  unavailable: { status: 503, meaning: 'A part the server needs does not answer, or has no room.', mender: 'nobody: try again' },
} as const satisfies Record<string, { status: number; meaning: string; mender: Mender }>;
export type ErrorCode = keyof typeof ERRORS;

/** Thrown by use cases, turned into an answer by the one error handler of the HTTP service. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly problems: Problem[] | undefined;

  constructor(code: ErrorCode, message: string, problems?: Problem[]) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = ERRORS[code].status;
    this.problems = problems;
  }

  get body(): ApiErrorBody {
    const { code, message, problems } = this;
    return { code, message, mender: ERRORS[code].mender, ...(problems ? { problems } : {}) };
  }
}

/** The same answer for "is not there" and "is not yours", so that ids give nothing away. */
export const notFound = (what: string): ApiError => new ApiError('not-found', `This ${what} does not exist, or you have no access to it.`);
