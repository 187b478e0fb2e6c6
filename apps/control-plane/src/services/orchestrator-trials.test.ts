import { describe } from 'vitest';
import { openDatabase } from '../platform/database/open-database.ts';
import { trialsContract } from './test-orchestrator-trials.ts';

describe('trials on PGlite', () => {
  trialsContract(() => openDatabase({ directory: 'memory://' }));
});
