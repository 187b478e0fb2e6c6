import { describe } from 'vitest';
import { cardFilesContract } from './card-files-contract.ts';
import { openDatabase } from './platform/database/open-database.ts';

describe('card files on PGlite', () => {
  cardFilesContract(() => openDatabase({ directory: 'memory://' }));
});
