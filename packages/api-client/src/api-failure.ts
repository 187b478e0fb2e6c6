import { ApiErrorBody } from '@ensemble/protocol';

/** An answer that is no success, in the words of the server's error catalogue. `status` 0: no answer at all. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: NonNullable<ApiErrorBody['problems']>;
  readonly mender: ApiErrorBody['mender'];

  constructor(status: number, { code, message, problems = [], mender }: ApiErrorBody, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiFailure';
    this.status = status;
    this.code = code;
    this.problems = problems;
    this.mender = mender;
  }

  /** The message, and who can mend it where that is neither the reader nor named in it: messages about roles name the owner. */
  get explanation(): string {
    return this.mender === 'the administrator' ? `${this.message} The administrator of this installation can mend this.` : this.message;
  }
}

/** A proxy or a broken server answers with something else than the catalogue's form. */
export async function failureOf(response: Response): Promise<ApiFailure> {
  const parsed = ApiErrorBody.safeParse(await response.json().catch(() => undefined));
  const unknown = {
    code: 'unknown',
    message: `The server answered with status ${response.status}. Try again in a moment.`,
    mender: 'nobody: try again' as const,
  };
  return new ApiFailure(response.status, parsed.success ? parsed.data : unknown);
}

export const offline = (server: string, cause: unknown): ApiFailure =>
  new ApiFailure(
    0,
    {
      code: 'offline',
      message: `${server} cannot be reached. Check that the server runs, then try again.`,
      mender: 'nobody: try again',
    },
    { cause },
  );
