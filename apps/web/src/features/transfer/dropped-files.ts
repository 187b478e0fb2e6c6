/** What people drop or choose to be imported: one zip, or a folder with everything in it. Reads no contents. */
export interface FolderFile {
  /** Inside the folder, its name first. */
  path: string;
  file: File;
}

/** `files` of a folder, one zip, or a sentence about why it is neither. */
export type Dropped =
  { kind: 'zip'; file: File } | { kind: 'folder'; name: string; files: FolderFile[] } | { kind: 'neither'; message: string };

const NEITHER = 'Drop one zip file, or the folder of a project itself.';
/** What the server takes; more would be sent for nothing. */
const MOST_FILES = 5_000;
const PASSED_OVER = /^(\.|__pycache__$|__MACOSX$|node_modules$)/;

export const isZip = (name: string): boolean => name.toLowerCase().endsWith('.zip');

/** To be called while the drop event is handled: afterwards the browser takes its items back. */
export function droppedFiles(transfer: DataTransfer): Promise<Dropped> {
  const entries = [...transfer.items].flatMap((item) => (item.kind === 'file' ? (item.webkitGetAsEntry() ?? []) : []));
  const files = [...transfer.files];
  const [entry] = entries;
  if (entries.length === 1 && entry?.isDirectory) return folderOf(entry as FileSystemDirectoryEntry);
  const [file] = files;
  return Promise.resolve(files.length === 1 && file && isZip(file.name) ? { kind: 'zip', file } : { kind: 'neither', message: NEITHER });
}

/** From an input that chooses a folder (`webkitdirectory`). */
export function chosenFolder(files: readonly File[]): Dropped {
  const kept = files
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !path.split('/').some((part) => PASSED_OVER.test(part)));
  if (kept.length > MOST_FILES) return tooMany;
  return { kind: 'folder', name: kept[0]?.path.split('/')[0] ?? 'folder', files: kept };
}

/** True for a drag that could be an import. Which files they are is told only when they are dropped. */
export const bringsFiles = (transfer: DataTransfer): boolean => transfer.types.includes('Files');

const tooMany: Dropped = {
  kind: 'neither',
  message: `This folder holds more than ${MOST_FILES.toLocaleString('en')} files, so it is hardly one project.`,
};

async function folderOf(root: FileSystemDirectoryEntry): Promise<Dropped> {
  const files: FolderFile[] = [];
  const open = [root];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of await entriesOf(folder)) {
      if (PASSED_OVER.test(entry.name)) continue;
      if (entry.isDirectory) open.push(entry as FileSystemDirectoryEntry);
      else files.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry as FileSystemFileEntry) });
      if (files.length > MOST_FILES) return tooMany;
    }
  }
  return { kind: 'folder', name: root.name, files };
}

/** A reader gives some at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));
