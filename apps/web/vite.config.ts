import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

/** For development only: where a control plane listens. Production serves `dist/` from the control plane itself. */
const server = process.env['ENSEMBLE_URL'] ?? 'http://127.0.0.1:4700';

const BIG_BYTES = 200_000;

/** Big scripts lie gzipped beside themselves, once, for the server to send. */
const gzipBigScripts: Plugin = {
  name: 'gzip-big-scripts',
  apply: 'build',
  writeBundle({ dir = 'dist' }) {
    const assets = path.join(dir, 'assets');
    for (const name of readdirSync(assets)) {
      const file = path.join(assets, name);
      if (/\.(js|css|wasm)$/.test(name) && statSync(file).size > BIG_BYTES)
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
    }
  },
};

export default defineConfig({
  plugins: [react(), gzipBigScripts],
  resolve: {
    dedupe: ['yjs', 'react', 'react-dom', 'monaco-editor'],
  },
  worker: { format: 'es' },
  build: { target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 5000, assetsInlineLimit: 0 },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: server, changeOrigin: false },
      '/live': { target: server, ws: true, changeOrigin: false },
      '/collab': { target: server, ws: true, changeOrigin: false },
    },
  },
});
