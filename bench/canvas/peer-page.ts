/** A page with nothing but React Flow, built and served here: what a canvas of that many nodes costs at least. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const repository = path.join(import.meta.dirname, '../..');

export interface PeerPage {
  url(nodes: number, rowLength: number): string;
  close(): void;
}

export async function servePeerPage(): Promise<PeerPage> {
  const out = mkdtempSync(path.join(tmpdir(), 'ensemble-bench-peer-'));
  const vite = path.join(repository, 'node_modules/vite/bin/vite.js');
  const root = path.join(import.meta.dirname, 'peer');
  execFileSync('node', [vite, 'build', root, '--outDir', out, '--emptyOutDir', '--logLevel', 'error'], { stdio: 'inherit' });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://peer');
    const file = path.join(out, path.normalize(pathname === '/' ? 'index.html' : pathname));
    try {
      response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream').end(readFileSync(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: (nodes, rowLength) => `http://127.0.0.1:${port}/?nodes=${nodes}&row=${rowLength}`,
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(out, { recursive: true, force: true });
    },
  };
}
