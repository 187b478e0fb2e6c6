/** Artifacts behind another server's door: `HEAD`, `GET` with a range and `PUT` at one address each. Knows nothing of who serves them. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ArtifactError, unknownArtifact } from './artifact-store.ts';
import type { RemoteArtifacts } from './remote-artifacts.ts';

export interface HttpArtifactsOptions {
  urlOf(sha256: string): string;
  headers: Readonly<Record<string, string>>;
  /** Before the second try; doubled for each further one. */
  retryMs?: number;
}

const TRIES = 6;
const RETRY_MS = 200;

export function openHttpArtifacts({ urlOf, headers, retryMs = RETRY_MS }: HttpArtifactsOptions): RemoteArtifacts {
  /** One answer that is a success, or 404 as `artifact/unknown`. What may be better in a moment is tried again. */
  async function ask(method: string, sha256: string, more: Record<string, string> = {}, body?: () => Readable): Promise<Response> {
    for (let tries = 1; ; tries += 1) {
      const streamed = body === undefined ? {} : { body: Readable.toWeb(body()), duplex: 'half' };
      const response = await fetch(urlOf(sha256), { method, headers: { ...headers, ...more }, ...streamed } as RequestInit).catch(
        (error: unknown) => error,
      );
      if (response instanceof Response && response.ok) return response;
      if (response instanceof Response && response.status === 404) throw unknownArtifact(sha256);
      const said =
        response instanceof Response
          ? `status ${response.status} ${(await response.text().catch(() => '')).slice(0, 300)}`
          : String(response);
      const passing = !(response instanceof Response) || response.status >= 500 || response.status === 429;
      if (!passing || tries === TRIES) {
        throw new ArtifactError('artifact/unavailable', `The server's answer to ${method} of artifact ${sha256} was: ${said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs * 2 ** (tries - 1)));
    }
  }

  return {
    async size(sha256) {
      try {
        return Number((await ask('HEAD', sha256)).headers.get('content-length'));
      } catch (error) {
        if (error instanceof ArtifactError && error.code === 'artifact/unknown') return undefined;
        throw error;
      }
    },
    async read(sha256, range) {
      const { start, end } = range ?? { start: 0 };
      const wants: Record<string, string> =
        start === 0 && end === undefined ? {} : { range: `bytes=${start}-${end === undefined ? '' : end - 1}` };
      const { body } = await ask('GET', sha256, wants);
      return body === null ? Readable.from([]) : Readable.from(body as AsyncIterable<Uint8Array>);
    },
    async write(sha256, size, file) {
      const about = { 'content-type': 'application/octet-stream', 'content-length': String(size) };
      await ask('PUT', sha256, about, () => createReadStream(file));
    },
  };
}
