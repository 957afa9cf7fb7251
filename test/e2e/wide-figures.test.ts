/** The figures of a log with very many events in the built page: none is cut off, and their names stay words. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-wide-'));
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench({ gpu: false });
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** 120 calls each, every fourth of a memory tool. */
function rollout(number: number): string {
  const messages: unknown[] = [{ role: 'user', content: `Count the trees of row ${number % 4}.` }];
  for (let call = 0; call < 120; call++) {
    const id = `c${call}`;
    const name = call % 4 === 0 ? 'memory_write' : 'count';
    messages.push({
      role: 'assistant',
      content: '',
      tool_calls: [{ id, type: 'function', function: { name, arguments: `{"n":${number * 120 + call}}` } }],
    });
    messages.push({ role: 'tool', tool_call_id: id, content: 'ok' });
  }
  messages.push({ role: 'assistant', content: 'Done.' });
  return `${JSON.stringify({ id: `r${number}`, task_id: `t${number % 4}`, reward: number % 2, messages })}\n`;
}

it('shows counts of five digits beside their names', async () => {
  const log = join(folder, 'wide.jsonl');
  writeFileSync(log, Array.from({ length: 120 }, (_, number) => rollout(number)).join(''));
  const page = await workbench.open('#cut=1&train=1', { scoresByItself: false });
  await dropFiles(page, [log]);
  const kept = page.getByRole('row', { name: /^tool · memory kept/ });
  await kept.waitFor({ timeout: 60_000 });
  await expect.poll(() => kept.innerText()).toMatch(/14,400 \/ 14,400 · all 3,600$/);
  const table = page.getByRole('table').filter({ has: kept });
  const widths = await table.evaluate((shown) => ({
    room: shown.parentElement?.clientWidth ?? 0,
    taken: shown.parentElement?.scrollWidth ?? Infinity,
    name: Math.min(...[...shown.querySelectorAll('th')].map((name) => name.getBoundingClientRect().width)),
  }));
  expect(widths.taken).toBe(widths.room);
  // A name of two words has room for both.
  expect(widths.name).toBeGreaterThan(90);
  await page.context().close();
  expect(workbench.errors).toEqual([]);
});
