import { describe } from 'vitest';
import { openDatabase } from '../../platform/database/open-database.ts';
import { runRepositoryContract } from './test-repository-contract.ts';

describe('the repository of runs on PGlite', () => {
  runRepositoryContract(() => openDatabase({ directory: 'memory://' }));
});
