/** Acts in the built page: by a key, by a filter, as lines of a stack, in the address and in what is exported. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { nodeKeyOf } from '../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import { inputFile, openSession } from '../helpers/openSession.ts';
import { dropFiles, exportFiles, startWorkbench, type Workbench } from './page.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-e2e-acts-'));
let workbench: Workbench;
let page: Page;
/** A node of the first task that has nodes below it, and whose path goes on above it. */
let node = '';
beforeAll(async () => {
  workbench = await startWorkbench();
  const { session } = await openSession([inputFile('orchard.jsonl', readFileSync(SAMPLE))]);
  const shape = session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens');
  const at = shape.kind.findIndex((_, n) => n > 20 && (shape.subtreeEnd[n] ?? 0) > n + 2 && (shape.reachCount[n] ?? 0) === 1);
  node = nodeKeyOf(shape.keys, at);
});
afterEach(async () => {
  await page.context().close();
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

async function opened(hash = ''): Promise<void> {
  page = await workbench.open(hash);
  await dropFiles(page, [SAMPLE]);
  await page.getByText('signal retained').first().waitFor({ timeout: 60_000 });
}

const control = (): Locator => page.getByRole('button', { name: /^Acts:/ });
/** What the button of the stack says; waits until that holds. */
const says = (words: RegExp): Promise<void> => page.getByRole('button', { name: words }).waitFor({ timeout: 15_000 });
const lines = (): Locator => page.getByRole('list', { name: 'Lines of the stack' }).getByRole('listitem');
const actsOfAddress = (): unknown => JSON.parse(new URLSearchParams(new URL(page.url()).hash.slice(1)).get('acts') ?? '[]');

it('drops the selected node by a key, says so, takes it back by the key and by undo, and keeps it in the link', async () => {
  await opened(`#node=${node}`);
  const inspector = page.getByRole('region', { name: 'Selected node' });
  await inspector.waitFor();
  await page.keyboard.press('x');
  await inspector.getByText('by hand, before any budget.').waitFor();
  await says(/^Acts: 1 line · [\d,]+ nodes dropped$/);
  await expect.poll(actsOfAddress).toEqual([{ verb: 'drop', nodes: [node], isOn: true }]);
  const link = new URL(page.url()).hash;
  await page.keyboard.press('x');
  await says(/^Acts: none$/);
  await page.keyboard.press('x');
  await says(/nodes dropped$/);
  await page.keyboard.press('Control+z');
  await says(/^Acts: none$/);
  await page.context().close();
  await opened(link);
  await says(/^Acts: 1 line · [\d,]+ nodes dropped$/);
  expect(workbench.errors).toEqual([]);
}, 120_000);

it('lets a filter act, and its line be named, turned off, moved by keys and removed', async () => {
  await opened();
  await page.getByRole('combobox', { name: 'Filter rollouts and search their texts' }).fill('reward<0.5');
  const strip = page.getByRole('group', { name: 'Acts on the rollouts found' });
  await strip.getByText('55 rollouts:').waitFor();
  await strip.getByRole('button', { name: 'exclude from the cut' }).click();
  await says(/^Acts: 1 line · 55 of 128 rollouts dropped$/);
  await strip.getByRole('button', { name: 'pin' }).click();
  // The later line decides.
  await says(/^Acts: 2 lines$/);
  await control().click();
  await page.getByText('55 rollouts, 55 decided by other lines').waitFor();
  await page.getByRole('button', { name: 'Move line 1 of 2: Drop reward<0.5' }).press('ArrowDown');
  await says(/^Acts: 2 lines · 55 of 128 rollouts dropped$/);
  expect(
    await page.getByRole('button', { name: 'Move line 2 of 2: Drop reward<0.5' }).evaluate((it) => it === document.activeElement),
  ).toBe(true);
  // A drag by the pointer does the same: down, and up again.
  const drag = async (from: string, line: number): Promise<void> => {
    const handle = (await page.getByRole('button', { name: from }).boundingBox())!;
    const to = (await lines().nth(line).boundingBox())!;
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
    await page.mouse.down();
    await page.mouse.move(handle.x + 8, to.y + to.height / 2, { steps: 4 });
    await page.mouse.up();
  };
  await drag('Move line 1 of 2: Pin reward<0.5', 1);
  await page.getByRole('button', { name: 'Move line 2 of 2: Pin reward<0.5' }).waitFor();
  await says(/^Acts: 2 lines$/);
  await drag('Move line 2 of 2: Pin reward<0.5', 0);
  await says(/^Acts: 2 lines · 55 of 128 rollouts dropped$/);
  await page.getByRole('textbox', { name: 'Name of line 2' }).fill('poor ones');
  await page.getByRole('textbox', { name: 'Name of line 2' }).press('Enter');
  await page.getByRole('checkbox', { name: 'On: poor ones' }).uncheck();
  await says(/^Acts: 2 lines$/);
  await expect.poll(actsOfAddress).toEqual([
    { verb: 'pin', where: 'reward<0.5', isOn: true },
    { verb: 'drop', where: 'reward<0.5', isOn: false, name: 'poor ones' },
  ]);
  await page.getByRole('button', { name: 'Remove: Pin reward<0.5' }).click();
  await expect.poll(() => lines().count()).toBe(1);
  await page.getByRole('combobox', { name: 'What to say' }).selectOption('best');
  await page.getByRole('textbox', { name: 'Filter over rollouts' }).fill('');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await says(/^Acts: 2 lines · 8 exported$/);
  expect(workbench.errors).toEqual([]);
}, 120_000);

it('selects what a filter finds, and acts on the selection when the filter says something else', async () => {
  await opened('#view=table&grouped=no&filter=reward%3C0.5');
  const found = page.getByRole('group', { name: 'Acts on the rollouts found' });
  await found.getByRole('button', { name: 'select', exact: true }).click();
  const strip = page.getByRole('group', { name: 'Acts on the selected rollouts' });
  await strip.getByText('55 rollouts selected:').waitFor();
  expect(await strip.getByRole('button', { name: 'compare' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  const grid = page.getByRole('grid', { name: 'Rollouts', exact: true });
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('129');
  await page.getByLabel('selected only').check();
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('56');
  await expect.poll(() => grid.locator('tr[data-chosen=false]').count()).toBe(0);
  await strip.getByRole('button', { name: 'exclude from the cut' }).click();
  await says(/^Acts: 1 line · 55 of 128 rollouts dropped$/);
  const [act] = (await expect.poll(actsOfAddress).not.toEqual([]), actsOfAddress() as { verb: string; rollouts: string[] }[]);
  expect(act).toMatchObject({ verb: 'drop' });
  expect(act?.rollouts).toHaveLength(55);
  await strip.getByRole('button', { name: 'clear' }).click();
  await strip.waitFor({ state: 'hidden' });
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('129');
  await grid.locator('tr[data-index="1"]').click({ modifiers: ['Control'] });
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+Space');
  await strip.getByText('2 rollouts selected:').waitFor();
  await strip.getByRole('button', { name: 'compare' }).click();
  await page.getByRole('region', { name: 'Two rollouts side by side' }).waitFor();
  await expect.poll(() => new URL(page.url()).hash).toMatch(/rollout=[0-9a-f]{16}&with=[0-9a-f]{16}/);
  expect(workbench.errors).toEqual([]);
}, 120_000);

it('exports the bytes that the command line writes by the command that the dialog prints', async () => {
  const acts = [
    { verb: 'drop', where: 'reward<0.5', isOn: true },
    { verb: 'untrained', where: '"pears"', isOn: true },
    { verb: 'drop', nodes: [node], isOn: true, name: 'a long way round' },
    { verb: 'best', count: 3, isOn: true },
  ];
  await opened(`#cut=0.4&train=1&acts=${encodeURIComponent(JSON.stringify(acts))}`);
  // The later line decides about those that both name.
  await says(/^Acts: 4 lines · 16 of 128 rollouts dropped · 80 not trained · \d+ exported$/);
  const written = await exportFiles(page);
  const command =
    (await page
      .getByRole('dialog')
      .getByText(/^espalier prune/)
      .first()
      .textContent()) ?? '';
  const out = join(folder, 'set');
  const run = command
    .replace('espalier', `'${process.execPath}' '${join(process.cwd(), 'bin/espalier.mjs')}'`)
    .replace('--out set/', `--out '${out}'`);
  const { status, stderr } = spawnSync('sh', ['-c', run], { encoding: 'utf8', cwd: 'public/samples' });
  expect(stderr).toContain('Drop reward<0.5: 55 rollouts, 39 decided by other lines');
  expect(status).toBe(0);
  expect([...written.keys()].sort()).toEqual(['forest.jsonl', 'manifest.json', 'messages.jsonl', 'tokens.jsonl']);
  for (const [name, text] of written) expect(readFileSync(join(out, name), 'utf8'), name).toBe(text);
  const manifest = JSON.parse(written.get('manifest.json') ?? '{}') as { acts: { rollouts: object } };
  expect(manifest.acts.rollouts).toMatchObject({ total: 128, dropped: 16, untrained: 80 });
  expect(workbench.outside).toEqual([]);
}, 120_000);
