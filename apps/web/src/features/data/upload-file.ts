/**
 * Sends one file in chunks and goes on where the server says after anything that interrupts: a dropped
 * connection, a restart, a reload of the page. Knows nothing of HTTP nor of the page; time comes in by `wait`.
 */
import type { ProjectFileDetail, Upload } from '@ensemble/protocol';

export interface UploadPorts {
  begin(name: string, bytes: number, signal: AbortSignal): Promise<Upload>;
  /** Where to go on; `undefined` when the server knows this upload no more. */
  state(uploadId: string, signal: AbortSignal): Promise<Upload | undefined>;
  send(uploadId: string, offset: number, chunk: Blob, signal: AbortSignal): Promise<Upload>;
  finish(uploadId: string, signal: AbortSignal): Promise<ProjectFileDetail>;
  /** True for what may pass by itself: no answer, the server is busy, somebody moved the offset. */
  passes(error: unknown): boolean;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export interface UploadProgress {
  uploadId: string;
  sent: number;
  /** `checking`: all bytes are there, and the server reads the table. `waiting`: the connection is gone for the moment. */
  phase: 'sending' | 'checking' | 'waiting';
}

interface UploadOptions {
  file: Blob;
  name: string;
  /** An upload of the same file begun earlier. */
  earlier: string | undefined;
  chunkBytes: number;
  signal: AbortSignal;
  onProgress: (progress: UploadProgress) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** With the waits above about two minutes without any success. */
const MOST_FAILURES = 12;

/** The stored file. Throws what does not pass, and what still fails after two minutes of trying. */
export async function uploadFile(ports: UploadPorts, options: UploadOptions): Promise<ProjectFileDetail> {
  const { file, name, chunkBytes, signal, onProgress } = options;
  let uploadId = options.earlier;
  let offset: number | undefined;
  let failures = 0;
  for (;;) {
    try {
      if (offset === undefined) {
        const known = uploadId === undefined ? undefined : await ports.state(uploadId, signal);
        const upload = known?.bytes === file.size ? known : await ports.begin(name, file.size, signal);
        uploadId = upload.id;
        offset = upload.offset;
      }
      const id = uploadId!;
      onProgress({ uploadId: id, sent: offset, phase: offset < file.size ? 'sending' : 'checking' });
      if (offset >= file.size) return await ports.finish(id, signal);
      offset = (await ports.send(id, offset, file.slice(offset, offset + chunkBytes), signal)).offset;
      failures = 0;
    } catch (error) {
      if (signal.aborted || !ports.passes(error)) throw error;
      failures += 1;
      if (failures > MOST_FAILURES) throw error;
      if (uploadId !== undefined) onProgress({ uploadId, sent: offset ?? 0, phase: 'waiting' });
      await ports.wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)), signal);
      offset = undefined;
    }
  }
}
