import { describe } from 'vitest';
import { ownDataContract } from './own-data-contract.ts';
import { openDatabase } from './platform/database/open-database.ts';

describe('own data on PGlite', () => {
  ownDataContract(() => openDatabase({ directory: 'memory://' }));
});
