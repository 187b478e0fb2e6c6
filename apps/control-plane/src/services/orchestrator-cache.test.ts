import { describe } from 'vitest';
import { openDatabase } from '../platform/database/open-database.ts';
import { cacheContract } from './test-orchestrator-cache.ts';

describe('the cache on PGlite', () => {
  cacheContract(() => openDatabase({ directory: 'memory://' }));
});
