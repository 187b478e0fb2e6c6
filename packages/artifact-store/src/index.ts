export { ArtifactError, isSha256 } from './artifact-store.ts';
export type { ArtifactErrorCode, ArtifactStore, ByteRange, PutFileOptions, PutOptions, StoredArtifact } from './artifact-store.ts';
export { openDirectoryStore } from './directory-store.ts';
export { createMemoryStore } from './memory-store.ts';
