/** Prefix cost in the built page: its figures are those that a walk over the raw files gives, on the sample and on real logs. */
import { existsSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesOf } from '../helpers/openSession.ts';
import { slowCosts, type TokensLine } from '../helpers/prefixCost.ts';
import { dropFiles, exportFiles, startWorkbench, type Workbench } from './page.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const ATROPOS = '../shared/data/atropos/environments/community/selcube/rubiks_process_results_32.jsonl';
const NEMO = '../shared/data/nemo-gym-pr/resources_servers/workplace_assistant_env/data/example_rollouts.jsonl';
const hasShared = [ATROPOS, NEMO].every((path) => existsSync(path));
if (!hasShared) console.warn('prefix cost of real logs is not tested: ../shared/data has none of them');

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench();
});
afterAll(() => bench.close());

async function show(path: string, set: 'Export' | 'Whole log'): Promise<Page> {
  const page = await bench.open('#view=prefix-cost', { scoresByItself: false });
  await dropFiles(page, [path]);
  await page.getByRole('region', { name: 'Prefix cost' }).waitFor();
  await page.getByText(set, { exact: true }).click();
  await settled(page);
  return page;
}

/** Both answers are those of the settings in force. */
async function settled(page: Page): Promise<void> {
  await page.locator('[aria-label="Prefix cost"] > [aria-busy="false"]').waitFor();
}

/** Numbers of a row of a table, in the order of its columns. */
async function row(page: Page, table: string, name: string): Promise<number[]> {
  const cells = page
    .locator('table', { hasText: table })
    .getByRole('row', { name: new RegExp(`^${name} `) })
    .first()
    .getByRole('cell');
  return (await cells.allTextContents()).map((text) => Number(text.replaceAll(/[,\s%]/gu, '')));
}

const inWays = (costs: ReturnType<typeof slowCosts>, name: 'tokens' | 'keys'): number[] =>
  (['flat', 'grouper', 'tree'] as const).map((way) => costs[way][name]);

async function expectCosts(page: Page, lines: readonly TokensLine[]): Promise<void> {
  const slow = slowCosts(lines);
  await page
    .getByText(new RegExp(`^${lines.length} records? of `))
    .first()
    .waitFor();
  expect(await row(page, 'whole set', 'tokens')).toEqual(inWays(slow, 'tokens'));
  expect(await row(page, 'whole set', 'attention keys')).toEqual(inWays(slow, 'keys'));
  expect(await row(page, 'whole set', 'tokens no loss needs')).toEqual(
    (['flat', 'grouper', 'tree'] as const).map((way) => slow[way].tokens - slow[way].backTokens),
  );
}

/** First-fit decreasing over all blocks. */
function slowBlocks(lengths: readonly number[], room: number): number {
  const blocks: number[] = [];
  for (const length of lengths.toSorted((a, b) => b - a)) {
    const at = blocks.findIndex((held) => held + length <= room);
    if (at < 0) blocks.push(length);
    else blocks[at] = (blocks[at] ?? 0) + length;
  }
  return blocks.length;
}

async function expectPacking(page: Page, lines: readonly TokensLine[], room: number): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Tokens of a block' });
  await field.fill(String(room));
  await field.press('Enter');
  const fitting = lines.filter(({ input_ids: ids }) => ids.length <= room);
  const { flat, tree } = slowCosts(fitting);
  const lengths = fitting.map(({ input_ids: ids }) => ids.length);
  const blocks = slowBlocks(lengths, room);
  await expect
    .poll(() => row(page, 'packing', 'Flat'))
    .toEqual([blocks, Math.ceil(flat.tokens / room), 0, 0, flat.tokens, flat.tokens - tree.tokens, blocks * room - flat.tokens]);
  const [of = 0, best, err, , tokens = 0, repeated, padding] = await row(page, 'packing', 'Trees');
  expect(best).toBe(Math.ceil(tree.tokens / room));
  expect(of).toBeGreaterThanOrEqual(best ?? 0);
  expect(repeated).toBe(tokens - tree.tokens);
  expect(padding).toBe(of * room - tokens);
  expect(err).toBeCloseTo(100 * (1 - tokens / flat.tokens), 0);
  const left = lines.length - fitting.length;
  expect(await page.getByText(`longer than a block of ${room.toLocaleString('en')}, packed nowhere`).count()).toBe(left > 0 ? 1 : 0);
}

describe('prefix cost', () => {
  it('is of the records that the page exports, and its blocks can be read by keys', async () => {
    const page = await show(SAMPLE, 'Export');
    const lines = linesOf((await exportFiles(page)).get('tokens.jsonl')) as unknown as TokensLine[];
    await page.keyboard.press('Escape');
    await expectCosts(page, lines);
    await expectPacking(page, lines, 2048);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
    const [head = '', ...rows] = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    const at = head.split(',').indexOf('tree_tokens');
    const ofExport = rows.filter((text) => text.startsWith('export,'));
    expect(ofExport.reduce((sum, text) => sum + Number(text.split(',')[at]), 0)).toBe(slowCosts(lines).tree.tokens);

    const slider = page.getByRole('slider', { name: /^Trees, / });
    await slider.focus();
    const seen: string[] = [];
    for (let last = ''; ;) {
      await slider.press(last === '' ? 'Home' : 'ArrowRight');
      const words = (await slider.getAttribute('aria-valuetext')) ?? '';
      const [, block] = /^block (\d+), /.exec(words) ?? [];
      if (block !== '1') break;
      seen.push(words);
      last = words;
    }
    const first = seen.map((words) => Number(/, ([\d,]+) tokens? of task /.exec(words)?.[1]?.replaceAll(',', '')));
    const sum = first.reduce((total, tokens) => total + tokens, 0);
    expect(sum).toBeGreaterThan(1024);
    expect(sum).toBeLessThanOrEqual(2048);
    await expect.poll(() => page.getByRole('tooltip').textContent()).toContain('Block 2, ');
    await slider.press('ArrowUp');
    await expect.poll(() => page.getByRole('tooltip').textContent()).toContain('Block 1, ');
    await slider.press('Escape');
    await expect.poll(() => page.getByRole('tooltip').count()).toBe(0);
    await page.close();
  });

  it('follows the budget, and says where an export writes nothing', async () => {
    const page = await show(SAMPLE, 'Export');
    const [before = 0] = await row(page, 'whole set', 'tokens');
    await page
      .getByRole('slider', { name: /Budget/ })
      .first()
      .focus();
    await page.keyboard.press('End');
    await expect.poll(async () => (await row(page, 'whole set', 'tokens'))[0]).toBeGreaterThan(before);
    await page.keyboard.press('Home');
    await page.getByText('At this budget no record carries loss').waitFor();
    await page.close();
  });

  it.skipIf(!hasShared)('of an Atropos log is that of its token ids', async () => {
    const groups = linesOf(readFileSync(ATROPOS, 'utf8')) as unknown as { tokens: number[][]; masks: number[][]; scores: number[] }[];
    const lines = groups.flatMap(({ tokens, masks, scores }, task) =>
      tokens.map((ids, i): TokensLine => {
        // The preset trains what succeeded.
        const weight = (masks[i] ?? []).map((label) => (label !== -100 && (scores[i] ?? 0) > 0 ? 1 : 0));
        return { task: String(task), input_ids: ids, weight };
      }),
    );
    const page = await show(ATROPOS, 'Whole log');
    await expectCosts(page, lines);
    await expectPacking(page, lines, 6000);
    await page.close();
  });

  it.skipIf(!hasShared)('of a NeMo-Gym log is that of its calls, each that the next one does not go on from', async () => {
    interface Call {
      readonly prompt_token_ids?: number[];
      readonly generation_token_ids?: number[];
    }
    const rollouts = linesOf(readFileSync(NEMO, 'utf8')) as unknown as { _ng_task_index: number; response: { output: Call[] } }[];
    const lines = rollouts.flatMap(({ _ng_task_index: task, response }) => {
      const calls = response.output.flatMap((call) =>
        call.prompt_token_ids ? [[...call.prompt_token_ids, ...(call.generation_token_ids ?? [])]] : [],
      );
      const ends = calls.filter((ids, i) => !ids.every((id, at) => calls[i + 1]?.[at] === id));
      // No rollout of it succeeded, so none trains.
      return ends.map((ids): TokensLine => ({ task: String(task), input_ids: ids, weight: ids.map(() => 0) }));
    });
    const page = await show(NEMO, 'Whole log');
    await expectCosts(page, lines);
    await expectPacking(page, lines, 5000);
    await page.close();
  });

  it('asks nothing of other hosts and throws nothing', () => {
    expect(bench.outside).toEqual([]);
    expect(bench.errors).toEqual([]);
  });
});
