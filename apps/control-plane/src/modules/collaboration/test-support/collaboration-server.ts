/**
 * The collaboration module as a process of its own, to be killed.
 * Arguments: `postgres <url>` or `pglite <directory>`, then optionally `hasty`.
 */
import { openDatabase } from '../../../platform/database/open-database.ts';
import { createSqlJournal } from '../sql-journal.ts';
import { hastyJournal } from './hasty-journal.ts';
import { serveCollaboration } from './serve-collaboration.ts';

const [kind, place = '', mode] = process.argv.slice(2);
const database = await openDatabase(kind === 'postgres' ? { url: place, directory: '' } : { directory: place });
const journal = createSqlJournal(database);
const { url } = await serveCollaboration({
  journal: mode === 'hasty' ? hastyJournal(journal, 100) : journal,
  folding: { rows: 200, bytes: 1024 * 1024 },
  limits: { messages: { perSecond: 1e6, burst: 1e6 }, bytes: { perSecond: 1e9, burst: 1e9 } },
});
process.stdout.write(`${JSON.stringify({ url })}\n`);
