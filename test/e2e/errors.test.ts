/** Errors in the built page: figures are those that a walk over the raw files gives, on a small log and on real ones. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropFiles, exportFiles, startWorkbench, type Workbench } from './page.ts';

const SHARED = '../shared/data';
const TAU = `${SHARED}/tau-bench/historical_trajectories/gpt-4o-airline.json`;
const MINI = `${SHARED}/mini-swe-agent-deepseek/deepseek_chat_dev`;
const hasShared = [TAU, MINI].every((path) => existsSync(path));
if (!hasShared) console.warn('errors of real logs are not tested: ../shared/data has none of them');

let bench: Workbench;
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
beforeAll(async () => {
  bench = await startWorkbench();
});
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

async function show(paths: readonly string[]): Promise<Page> {
  const page = await bench.open('#view=errors&cut=1&train=1&preset=none', { scoresByItself: false });
  await dropFiles(page, paths);
  await page.getByRole('table', { name: 'Error rules' }).waitFor();
  await settled(page);
  return page;
}

/** The answer is that of the settings in force. */
async function settled(page: Page): Promise<void> {
  await page.locator('[aria-label="Errors"] > [aria-busy="false"]').waitFor();
}

/** Turns that a rule hits, and those of them that are corrected. */
async function turnsOf(page: Page, rule: string): Promise<number> {
  const cells = page.getByRole('table', { name: 'Error rules' }).getByRole('row', { name: rule }).getByRole('cell');
  return Number((await cells.allTextContents())[0]?.replaceAll(',', ''));
}

const call = (at: number) => {
  const made = { id: `c${at}`, type: 'function', function: { name: 'put', arguments: `{"at":${at}}` } };
  return { role: 'assistant', content: 'I put it.', tool_calls: [made] };
};
const result = (at: number, content: string) => ({ role: 'tool', tool_call_id: `c${at}`, content });

it('switches rules, masks by them in an export, and reads a hit in its transcript', async () => {
  const path = join(folder, 'log.jsonl');
  const turns = [call(1), result(1, 'Error: no'), call(2), result(2, 'put'), { role: 'assistant', content: 'Done.' }];
  writeFileSync(path, `${JSON.stringify({ id: 'one', messages: [{ role: 'user', content: 'Put it.' }, ...turns] })}\n`);
  const page = await show([path]);
  const errors = page.getByRole('region', { name: 'Errors', exact: true });
  await page.getByText('Rules that are on hit 0 turns of 3').waitFor();
  await page.getByRole('checkbox', { name: 'Reported error' }).click();
  await page.getByText('Rules that are on hit 1 turn of 3').waitFor();
  expect(await turnsOf(page, 'Reported error')).toBe(1);
  const tokens = async (): Promise<number> => Number(/would take (\d+) tokens? of/.exec(await errors.innerText())?.[1]);
  // What masking takes is counted after the hits.
  await expect.poll(tokens).toBeGreaterThan(0);
  await settled(page);
  const told = await tokens();
  await page.getByText('Mask failed turns in exports').click();
  const files = await exportFiles(page);
  const manifest = JSON.parse(files.get('manifest.json') ?? '{}');
  expect(manifest.settings).toMatchObject({ mask_errors: true, records: { errorRules: 'flagged,reported' } });
  expect(manifest.totals.masked_errors).toMatchObject({
    turns: 1,
    tokens: told,
    by_rule: { flagged: { turns: 0 }, reported: { turns: 1 } },
  });
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Hits' }).getByRole('button', { name: 'one' }).click();
  const conversation = page.getByRole('feed', { name: 'Conversation' });
  await conversation.getByText('corrected in turn 2').waitFor();
  expect(await conversation.locator('[aria-current=true]').innerText()).toMatch(/turn 1[^]*Reported error[^]*masked: no loss/);
  expect(bench.errors).toEqual([]);
});

describe.skipIf(!hasShared)('on real logs', () => {
  it('counts the turns of tau-bench whose call gave an error', async () => {
    const rollouts: { traj: { role: string; content: string | null }[] }[] = JSON.parse(readFileSync(TAU, 'utf8'));
    let turns = 0;
    const failed = new Set<string>();
    rollouts.forEach(({ traj }, r) => {
      let last = -1;
      traj.forEach(({ role, content }, i) => {
        if (role === 'assistant') {
          turns++;
          last = i;
        } else if (role === 'tool' && content?.startsWith('Error:') === true) failed.add(`${r} ${last}`);
      });
    });
    expect(failed.size).toBeGreaterThan(50);
    const page = await show([TAU]);
    expect(await turnsOf(page, 'Flagged by the log')).toBe(failed.size);
    expect(await page.getByRole('region', { name: 'Errors', exact: true }).innerText()).toContain(
      `Rules that are on hit ${failed.size.toLocaleString('en')} turns of ${turns.toLocaleString('en')}`,
    );
    await page.getByRole('button', { name: 'All rules on' }).click();
    await settled(page);
    expect(await turnsOf(page, 'Reported error')).toBe(failed.size);
    expect(bench.errors).toEqual([]);
  });

  it('counts the turns of mini-swe-agent whose command ended with another status than 0', async () => {
    const paths = readdirSync(MINI, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.traj.json'))
      .sort()
      .slice(0, 4);
    let failed = 0;
    for (const path of paths) {
      const { messages }: { messages: { role: string; content: unknown }[] } = JSON.parse(readFileSync(join(MINI, path), 'utf8'));
      for (const { role, content } of messages) {
        const code = role === 'tool' && typeof content === 'string' ? /<returncode>(-?\d+)<\/returncode>/.exec(content)?.[1] : undefined;
        if (code !== undefined && code !== '0') failed++;
      }
    }
    expect(failed).toBeGreaterThan(10);
    const page = await show(paths.map((path) => join(MINI, path)));
    expect(await turnsOf(page, 'Exit code')).toBe(failed);
    expect(bench.errors).toEqual([]);
  });
});
