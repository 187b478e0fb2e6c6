/** Uploads begun on this browser, so that the same file dropped again goes on where it stopped. Losing them costs only time. */
const PREFIX = 'ensemble-upload ';

/** A file is the same when name, size and last change are. */
const keyOf = (projectId: string, { name, size, lastModified }: File): string => `${PREFIX}${projectId} ${size} ${lastModified} ${name}`;

const quietly = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch {
    // Storage may be blocked or full.
    return undefined;
  }
};

export const rememberedUpload = (projectId: string, file: File): string | undefined =>
  quietly(() => localStorage.getItem(keyOf(projectId, file))) ?? undefined;
export const rememberUpload = (projectId: string, file: File, uploadId: string): void =>
  quietly(() => localStorage.setItem(keyOf(projectId, file), uploadId));
export const forgetUpload = (projectId: string, file: File): void => quietly(() => localStorage.removeItem(keyOf(projectId, file)));
