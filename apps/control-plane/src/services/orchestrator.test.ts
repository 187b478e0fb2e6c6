import { describe } from 'vitest';
import { openDatabase } from '../platform/database/open-database.ts';
import { orchestratorContract } from './test-orchestrator-contract.ts';

describe('runs on PGlite', () => {
  orchestratorContract(() => openDatabase({ directory: 'memory://' }));
});
