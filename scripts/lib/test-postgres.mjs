/**
 * A PostgreSQL cluster for one test run: own port, own directory, real fsync, gone afterwards.
 * The server refuses to run as root, so root runs it as the user `postgres`.
 */
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mustRun, run } from './run-command.mjs';
import { installSystemPackages } from './system-packages.mjs';

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

function binaries() {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const version = versions.find((name) => existsSync(path.join(base, name, 'bin/initdb')));
  return version && path.join(base, version, 'bin');
}

/** Returns { url, stop } or undefined where there is no PostgreSQL to be had. */
export async function startTestPostgres() {
  if (!binaries()) await installSystemPackages(['postgresql'], 'tests against a real PostgreSQL');
  const bin = binaries();
  if (!bin) return undefined;
  const isRoot = process.getuid?.() === 0;
  const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-postgres-'));
  if (isRoot) {
    const id = Number((await mustRun('id', ['-u', 'postgres'])).trim());
    chownSync(directory, id, Number((await mustRun('id', ['-g', 'postgres'])).trim()));
  }
  const asPostgres = (command, args) => (isRoot ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args]);
  const port = await freePort();
  const data = path.join(directory, 'data');
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200`;
  await mustRun(...asPostgres(path.join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync']), { cwd: directory });
  await mustRun(...asPostgres(path.join(bin, 'pg_ctl'), ['-D', data, '-l', path.join(directory, 'log'), '-w', '-o', options, 'start']), {
    cwd: directory,
  });
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await run(...asPostgres(path.join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop']), { cwd: tmpdir(), quiet: true });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
