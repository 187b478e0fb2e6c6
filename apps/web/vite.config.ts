import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** For development only: where a control plane listens. Production serves `dist/` from the control plane itself. */
const server = process.env['ENSEMBLE_URL'] ?? 'http://127.0.0.1:4700';

export default defineConfig({
  plugins: [react()],
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
