/**
 * One of the servers that are compared, as a process of its own. Arguments: a kind, and where its database is.
 * Ends by SIGTERM in an orderly way, so that `NODE_OPTIONS=--cpu-prof` leaves a profile.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as HocuspocusServer } from '@hocuspocus/server';
import { setupWSConnection } from '@y/websocket-server/utils';
import { WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { createSqlJournal } from '../../apps/control-plane/src/modules/collaboration/sql-journal.ts';
import { serveCollaboration } from '../../apps/control-plane/src/modules/collaboration/test-support/serve-collaboration.ts';
import { openDatabase } from '../../apps/control-plane/src/platform/database/open-database.ts';

async function ensemble(location: { url?: string; directory: string }): Promise<string> {
  return (await serveCollaboration({ journal: createSqlJournal(await openDatabase(location)) })).url;
}

/** As its guide says: `onLoadDocument` and the debounced `onStoreDocument`, or nothing but memory. */
async function hocuspocus(database?: string): Promise<string> {
  const sql = database === undefined ? undefined : (await openDatabase({ url: database, directory: '' })).sql;
  await sql?.query('CREATE TABLE stored (name text PRIMARY KEY, state bytea NOT NULL)');
  const server = new HocuspocusServer({
    port: 0,
    address: '127.0.0.1',
    quiet: true,
    stopOnSignals: false,
    ...(sql && {
      async onLoadDocument({ documentName }) {
        const [row] = await sql.query<{ state: Uint8Array }>('SELECT state FROM stored WHERE name = $1', [documentName]);
        return row?.state;
      },
      async onStoreDocument({ documentName, document }) {
        const state = Y.encodeStateAsUpdate(document);
        const upsert = 'INSERT INTO stored VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET state = excluded.state';
        await sql.query(upsert, [documentName, state]);
      },
    }),
  });
  await server.listen();
  return server.webSocketURL;
}

/** As its own `server.js` does it. */
async function sockets(serve: (sockets: WebSocketServer) => void): Promise<string> {
  const server = createServer();
  const accepting = new WebSocketServer({ server });
  serve(accepting);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const SERVERS: Record<string, (place: string) => Promise<string>> = {
  'ensemble-postgres': (url) => ensemble({ url, directory: '' }),
  'ensemble-pglite': (directory) => ensemble({ directory }),
  'hocuspocus-memory': () => hocuspocus(),
  'hocuspocus-postgres': (url) => hocuspocus(url),
  'y-websocket': () => sockets((accepting) => accepting.on('connection', setupWSConnection)),
  /** What the sockets alone cost. */
  echo: () => sockets((accepting) => accepting.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))),
};

const [kind = '', place = ''] = process.argv.slice(2);
const serve = SERVERS[kind];
if (!serve) throw new Error(`There is no server "${kind}": one of ${Object.keys(SERVERS).join(', ')}.`);
process.once('SIGTERM', () => process.exit());
process.stdout.write(`${JSON.stringify({ url: await serve(place) })}\n`);
