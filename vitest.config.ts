/**
 * Five test projects in one run: unit (Node), browser (real Chromium, real workers), e2e (the built page, driven from outside),
 * experiment (the gradient experiment in small), trainers (exports read by real trainers); the last two are skipped without Python.
 */
import { existsSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { packedWasm } from './scripts/packed-wasm.mjs';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const chromium = process.env['ESPALIER_CHROMIUM'] ?? installed;

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [packedWasm()],
        test: {
          name: 'unit',
          environment: 'node',
          maxWorkers: 2,
          include: ['test/{unit,seams}/**/*.test.ts', 'test/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          setupFiles: ['test/helpers/removeScratch.ts', 'test/helpers/drawSeed.ts'],
        },
      },
      {
        extends: './vite.config.ts',
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.{ts,tsx}'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
          setupFiles: ['test/helpers/drawSeed.ts'],
          // As many as projects of the same group have to have; of browser files one runs at a time.
          maxWorkers: 2,
          browser: {
            enabled: true,
            fileParallelism: false,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(chromium ? { executablePath: chromium } : {}),
                args: [
                  '--no-sandbox',
                  // A test counts what the page still holds.
                  '--js-flags=--expose-gc',
                  '--disable-quic',
                  '--no-first-run',
                  '--disable-background-networking',
                  '--disable-component-update',
                  '--disable-sync',
                  '--enable-unsafe-webgpu',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        test: {
          name: 'experiment',
          environment: 'node',
          maxWorkers: 2,
          include: ['test/experiment/**/*.test.ts'],
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'trainers',
          environment: 'node',
          include: ['test/trainers/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          setupFiles: ['test/helpers/removeScratch.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // On a loaded machine an answer takes longer than the second that is the runner's own patience.
          expect: { poll: { timeout: 20_000 } },
          // Each has a browser and a server of its own; after all others, so that no more than two compete for two cores.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
