/** Files on their way to the server, whichever page is shown meanwhile. One after the other would be slower, all at once no faster: three at a time. */
import { MAX_UPLOAD_BYTES } from '@ensemble/protocol';
import type { ProjectFileDetail } from '@ensemble/protocol';
import { create } from 'zustand';
import { sentenceOf } from '../../shared/api/api-client.ts';
import { dataApi } from '../../shared/api/data-api.ts';
import { formatBytes } from '../../shared/ui/times.ts';
import { forgetUpload, rememberedUpload, rememberUpload } from './remembered-uploads.ts';
import { uploadFile } from './upload-file.ts';
import type { UploadProgress } from './upload-file.ts';
import { uploadPorts } from './upload-ports.ts';

export interface UploadItem {
  key: string;
  projectId: string;
  file: File;
  sent: number;
  phase: UploadProgress['phase'] | 'queued' | 'failed';
  /** One sentence, when it failed. */
  error?: string;
}

interface Uploads {
  items: readonly UploadItem[];
  /** Resolves with the stored file, or undefined when it failed (the item says why), was ended, or is on its way already. */
  start(projectId: string, file: File): Promise<ProjectFileDetail | undefined>;
  /** Ends an upload, or takes a failed one off the list. */
  drop(key: string): void;
}

const CHUNK_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 3;
const running = new Map<string, { abort: AbortController; uploadId?: string }>();
const waiting: (() => void)[] = [];
let serial = 0;

async function turn(): Promise<void> {
  if (running.size >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
}

export const useUploads = create<Uploads>()((set, get) => {
  const change = (key: string, part: Partial<UploadItem>) =>
    set({ items: get().items.map((item) => (item.key === key ? { ...item, ...part } : item)) });
  const take = (key: string) => set({ items: get().items.filter((item) => item.key !== key) });
  return {
    items: [],
    async start(projectId, file) {
      // The same file dropped twice would be sent twice into one upload.
      if (get().items.some((item) => item.phase !== 'failed' && item.projectId === projectId && sameFile(item.file, file)))
        return undefined;
      serial += 1;
      const key = `upload ${serial}`;
      const refusal = refusalOf(file);
      set({
        items: [
          ...get().items,
          { key, projectId, file, sent: 0, phase: refusal ? 'failed' : 'queued', ...(refusal ? { error: refusal } : {}) },
        ],
      });
      if (refusal) return undefined;
      await turn();
      if (!get().items.some((item) => item.key === key)) return undefined;
      const job: { abort: AbortController; uploadId?: string } = { abort: new AbortController() };
      running.set(key, job);
      try {
        const stored = await uploadFile(uploadPorts(projectId), {
          file,
          name: file.name,
          earlier: rememberedUpload(projectId, file),
          chunkBytes: CHUNK_BYTES,
          signal: job.abort.signal,
          onProgress({ uploadId, sent, phase }) {
            if (job.uploadId !== uploadId) rememberUpload(projectId, file, uploadId);
            job.uploadId = uploadId;
            change(key, { sent, phase });
          },
        });
        forgetUpload(projectId, file);
        take(key);
        return stored;
      } catch (error) {
        if (!job.abort.signal.aborted) change(key, { phase: 'failed', error: sentenceOf(error) });
        return undefined;
      } finally {
        running.delete(key);
        waiting.shift()?.();
      }
    },
    drop(key) {
      const item = get().items.find((candidate) => candidate.key === key);
      const job = running.get(key);
      take(key);
      if (!item || !job) return;
      job.abort.abort();
      forgetUpload(item.projectId, item.file);
      // The server forgets it by itself after a day.
      if (job.uploadId !== undefined) dataApi.giveUpUpload(item.projectId, job.uploadId).catch(() => undefined);
    },
  };
});

const sameFile = (a: File, b: File): boolean => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

function refusalOf(file: File): string | undefined {
  if (file.size === 0) return 'This file is empty (or a folder); choose a file with something in it.';
  if (file.size > MAX_UPLOAD_BYTES)
    return `This file has ${formatBytes(file.size)}; at most ${formatBytes(MAX_UPLOAD_BYTES)} can be stored. Split it, or store it as Parquet.`;
  return undefined;
}
