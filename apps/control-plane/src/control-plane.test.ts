import { describe } from 'vitest';
import { controlPlaneContract } from './control-plane-contract.ts';
import { openDatabase } from './platform/database/open-database.ts';

describe('the HTTP API on PGlite', () => {
  controlPlaneContract(() => openDatabase({ directory: 'memory://' }));
});
