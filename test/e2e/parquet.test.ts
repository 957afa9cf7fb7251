/** A Parquet file and a file of torch in the built page: dropped, read by real workers, and each rollout there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { conversations, MESSAGES, parquetBytes } from '../helpers/parquetBytes.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
const table = join(folder, 'log.parquet');
const ANSWERS = ['Done.', 'Not today.', 'Done.', 'Which beds?', 'Soon.'];

let bench: Workbench;
beforeAll(async () => {
  const schema = [...MESSAGES, { name: 'reward', type: 'DOUBLE' as const, repetition_type: 'OPTIONAL' as const }];
  writeFileSync(table, parquetBytes(schema, { messages: conversations(ANSWERS), reward: [1, 0, 0.5, null, 1] }, { codec: 'BROTLI' }));
  bench = await startWorkbench();
}, 120_000);
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

it('opens a Parquet file by row groups, and reads a row back', async () => {
  const page = await bench.open('#view=table', { scoresByItself: false });
  await dropFiles(page, [table]);
  const rows = page.locator(
    '[role=grid][aria-label=Rollouts] tbody tr[aria-selected], [role=treegrid][aria-label=Rollouts] tbody tr[aria-selected]',
  );
  await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(5);
  expect(await page.locator('body').innerText()).not.toContain('damaged');
  await page.close();
});

it('opens a file of torch', async () => {
  const page = await bench.open('#view=table', { scoresByItself: false });
  await dropFiles(page, ['test/fixtures/pickle/dump.pt']);
  const rows = page.locator(
    '[role=grid][aria-label=Rollouts] tbody tr[aria-selected], [role=treegrid][aria-label=Rollouts] tbody tr[aria-selected]',
  );
  await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(2);
  await page.close();
});
