import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The console is built into `dist`, which the CSMS serves. `npm run console:dev` proxies a running CSMS. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': { target: process.env['BUSBAR_URL'] ?? 'http://127.0.0.1:8080' } } },
});
