export { ArtifactError, isSha256 } from './artifact-store.ts';
export type { ArtifactErrorCode, ArtifactStore, ByteRange, PutFileOptions, PutOptions, StoredArtifact } from './artifact-store.ts';
export { openCachedStore } from './cached-store.ts';
export { openDirectoryStore } from './directory-store.ts';
export { createMemoryStore } from './memory-store.ts';
export type { RemoteArtifacts } from './remote-artifacts.ts';
export { openStore, readS3Settings, s3Environment } from './open-store.ts';
export type { S3Settings } from './s3-artifacts.ts';
export { openHttpArtifacts } from './http-artifacts.ts';
