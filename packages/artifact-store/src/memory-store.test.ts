import { describeArtifactStore } from './artifact-store-contract.ts';
import { createMemoryStore } from './memory-store.ts';

describeArtifactStore('an artifact store in memory', async () => createMemoryStore());
