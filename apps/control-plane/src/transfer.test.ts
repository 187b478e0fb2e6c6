import { describe } from 'vitest';
import { transferContract } from './transfer-contract.ts';
import { openDatabase } from './platform/database/open-database.ts';

describe('import and export on PGlite', () => {
  transferContract(() => openDatabase({ directory: 'memory://' }));
});
