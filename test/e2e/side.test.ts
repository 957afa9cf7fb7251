/** Two rollouts side by side on the built page. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const REAL = '../shared/data/tau2-bench/data/tau2/sft-v1-small/sft-v1-small-openai/train_sft-v1-small.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-side-'));
let workbench: Workbench;
let page: Page | undefined;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterEach(async () => {
  await page?.context().close();
  page = undefined;
  expect(workbench.errors).toEqual([]);
  expect(workbench.outside).toEqual([]);
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openAt(hash: string, file: string): Promise<Page> {
  page = await workbench.open(hash, { scoresByItself: false });
  await dropFiles(page, [file]);
  await page
    .getByRole('region', { name: 'Two rollouts side by side' })
    .getByText(/the same ·/)
    .waitFor({ timeout: 60_000 });
  return page;
}

describe('two rollouts side by side', () => {
  it('are proposed, chosen, swapped and linked to, with their first difference marked', async () => {
    const first = await openAt('#view=side', SAMPLE);
    await first.getByText('proposed pair').waitFor();
    await first.getByText('here they part').waitFor();
    const said = await first.getByText(/the same ·/).innerText();
    expect(said).toBe('2 steps the same · 1 alike · 0 only left · 2 only right');
    await first.getByRole('button', { name: 'Swap the two rollouts' }).click();
    await first.getByText('2 steps the same · 1 alike · 2 only left · 0 only right').waitFor();
    await first.waitForFunction(() => /rollout=[0-9a-f]{16}/.test(location.hash) && /with=[0-9a-f]{16}/.test(location.hash));
    expect(await first.getByText('proposed pair').count()).toBe(0);
    const address = new URL(first.url()).hash;
    await first.context().close();
    const linked = await openAt(address, SAMPLE);
    expect(await linked.getByText(/the same ·/).innerText()).toBe('2 steps the same · 1 alike · 2 only left · 0 only right');
    // What both do is folded to one row, and is shown when asked for.
    const region = linked.getByRole('region', { name: 'Two rollouts side by side' });
    await linked.keyboard.press('d');
    await region.locator('mark').first().waitFor();
    await linked.keyboard.press('n');
    await region.getByRole('button', { name: 'Read' }).first().click();
    await linked.waitForFunction(() => location.hash.includes('view=transcript'));
  });

  it('are aligned in a real log', async () => {
    const real = await openAt('#view=side', REAL);
    expect(await real.getByText(/the same ·/).innerText()).toMatch(/^\d+ steps? the same · \d+ alike · \d+ only left · \d+ only right$/);
  });

  it('keep hostile words inert, and say what is not shown of long ones', async () => {
    const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
    const record = (word: string) => ({
      messages: [
        { role: 'user', content: evil },
        {
          role: 'assistant',
          content: `${evil} ${word}`,
          tool_calls: [{ id: 'c', type: 'function', function: { name: evil, arguments: JSON.stringify({ a: `${evil} ${word}` }) } }],
        },
        { role: 'tool', tool_call_id: 'c', content: `${word} `.repeat(5000) },
        { role: 'assistant', content: evil },
      ],
      reward: word === 'one' ? 1 : 0,
    });
    const path = join(folder, 'evil.jsonl');
    writeFileSync(path, `${JSON.stringify(record('one'))}\n${JSON.stringify(record('two'))}\n`);
    const hostile = await openAt('#view=side', path);
    await hostile.getByText('4,000 of 20,000 characters shown').first().waitFor();
    expect(await hostile.evaluate(() => 'pwned' in window)).toBe(false);
    expect(await hostile.getByRole('region', { name: 'Two rollouts side by side' }).locator('img, script').count()).toBe(0);
    expect(await hostile.locator('mark', { hasText: 'one' }).count()).toBeGreaterThan(0);
  });
});
