/** The candidates of tasks on the built page: groups, votes, pass@n and patches, on a log of our own and on two real ones. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { candidateLogs } from '../helpers/candidateLogs.ts';
import { zipFile, type ZipMember } from '../helpers/zipFile.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const DATA = '../shared/data';
const folder = mkdtempSync(join(tmpdir(), 'espalier-candidates-'));
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

async function openZip(members: readonly ZipMember[]): Promise<Page> {
  const path = join(folder, 'logs.zip');
  writeFileSync(path, zipFile(members));
  page = await workbench.open('', { scoresByItself: false });
  await dropFiles(page, [path]);
  await page.locator('canvas').first().waitFor({ timeout: 60_000 });
  await page.keyboard.press('v');
  await page.getByRole('region', { name: 'Tasks with candidates' }).waitFor({ timeout: 60_000 });
  return page;
}

const view = (on: Page) => on.getByRole('region', { name: 'Candidates', exact: true });
/** n -> the cells of its row. */
const figures = (on: Page): Promise<string[][]> =>
  on
    .getByRole('region', { name: 'What a choice solves' })
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
const asPercent = (share: number): string => `${(share * 100).toFixed(1)}\u202f%`;
/** All ways to draw n of a list. */
const draws = <T>(all: readonly T[], n: number): T[][] =>
  n === 0 ? [[]] : all.flatMap((first, i) => draws(all.slice(i + 1), n - 1).map((rest) => [first, ...rest]));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** pass@n of one task, by looking at all draws. */
const passOf = (resolved: readonly boolean[], n: number): number => mean(draws(resolved, n).map((drawn) => Number(drawn.some((is) => is))));

describe('candidates', () => {
  it('are grouped, ranked and shown, with what differs', async () => {
    const shown = await openZip(candidateLogs().map(([name, content]) => ({ name, content })));
    await expect.poll(() => view(shown).innerText()).toContain('6 candidates for 2 tasks, in 4 groups of equal ones: 2 resolved, 4 failed');
    expect((await figures(shown)).map(([n, pass]) => `${n}: ${pass?.slice(0, 6)}`)).toEqual([
      '1: 33.3\u202f%',
      '2: 50.0\u202f%',
      '3: 50.0\u202f%',
    ]);
    const table = shown.getByRole('region', { name: 'Candidates of garden__beds-1' });
    expect(await table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.children[1]?.textContent))).toEqual([
      'resolved',
      'resolved',
      'failed',
    ]);
    await table.locator('tbody tr').nth(1).getByRole('button').first().click();
    const patch = shown.getByRole('region', { name: 'Patch' });
    await expect.poll(() => patch.innerText()).toContain('# two litres are enough');
    expect(await patch.innerText()).toContain('beds.py (Python syntax)');
    await patch.getByText('against its group').click();
    await expect.poll(() => patch.getByLabel('this candidate').innerText()).toContain('two litres are enough');
    await shown.getByRole('checkbox', { name: 'Compare by syntax' }).uncheck();
    await expect.poll(() => view(shown).innerText()).toContain('0 compared by syntax');
    expect(await view(shown).innerText()).toContain('in 4 groups');
    await table.getByRole('button', { name: 'Read' }).first().click();
    await shown.waitForFunction(() => location.hash.includes('view=transcript'));
  });

  const RUNS = ['deepseek_chat_dev', 'deepseek_chat_dev_rerun'];
  const mini = join(DATA, 'mini-swe-agent-deepseek');
  const preds = join(DATA, 'mini-swe-agent-preds');

  it.skipIf(!existsSync(mini))(
    'of three runs of mini-swe-agent are what predictions and reports say (skipped without shared data)',
    async () => {
      const resolvedOf = new Map<string, boolean[]>();
      const members: ZipMember[] = [];
      const read = (path: string): ZipMember['content'] => readFileSync(path, 'utf8');
      for (const run of RUNS) {
        const report = JSON.parse(readFileSync(join(preds, `deepseek__deepseek-chat.${run}.json`), 'utf8')) as { resolved_ids: string[] };
        const predictions = JSON.parse(readFileSync(join(preds, `${run}.preds.json`), 'utf8')) as Record<string, unknown>;
        for (const task of Object.keys(predictions))
          resolvedOf.set(task, [...(resolvedOf.get(task) ?? []), report.resolved_ids.includes(task)]);
        members.push({ name: `preds/${run}.preds.json`, content: read(join(preds, `${run}.preds.json`)), method: 8 });
        members.push({
          name: `preds/deepseek__deepseek-chat.${run}.json`,
          content: read(join(preds, `deepseek__deepseek-chat.${run}.json`)),
          method: 8,
        });
        for (const task of readdirSync(join(mini, run)).filter((name) => name.startsWith('pydicom')))
          members.push({ name: `${run}/${task}/${task}.traj.json`, content: read(join(mini, run, task, `${task}.traj.json`)), method: 8 });
      }
      const tasks = [...resolvedOf.values()];
      const all = tasks.flat();
      const shown = await openZip(members);
      const words = `${all.length} candidates for ${tasks.length} tasks`;
      await expect.poll(() => view(shown).innerText()).toContain(words);
      expect(await view(shown).innerText()).toContain(
        `${all.filter((is) => is).length} resolved, ${all.filter((is) => !is).length} failed, 0 of unknown`,
      );
      const found = await figures(shown);
      const expected = [1, 2].map((n) => asPercent(mean(tasks.map((of) => passOf(of, n)))));
      expect(found.map(([, pass]) => pass?.split(' ')[0])).toEqual(expected);
    },
  );

  const demos = join(DATA, 'swe-agent-demos/demonstrations');
  const trae = join(DATA, 'candidate-patches/trae-agent/example.jsonl');

  it.skipIf(!existsSync(demos) || !existsSync(trae))(
    'of SWE-agent and trae are grouped and counted (skipped without shared data)',
    async () => {
      const runs = readdirSync(demos, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('marshmallow-1867.traj'));
      const submissions = runs.map(
        (name) => (JSON.parse(readFileSync(join(demos, name), 'utf8')) as { info: { submission: string } }).info.submission,
      );
      const list = JSON.parse(readFileSync(trae, 'utf8')) as { patches: string[]; success_id: (0 | 1)[] };
      const resolved = list.success_id.map((is) => is === 1);
      const shown = await openZip([
        ...runs.map((name) => ({ name, content: readFileSync(join(demos, name), 'utf8'), method: 8 })),
        { name: 'lists/example.jsonl', content: readFileSync(trae, 'utf8'), method: 8 },
      ]);
      await expect.poll(() => view(shown).innerText()).toContain(`${runs.length + resolved.length} candidates for 2 tasks`);
      const found = await figures(shown);
      expect(found.map(([, pass]) => pass?.split(' ')[0])).toEqual(resolved.map((_, n) => asPercent(passOf(resolved, n + 1))));
      // The demonstrations hand in one line that is the same but for white space and a comment; expected: 1.
      const distinct = new Set(
        submissions.map((text) =>
          text
            .split('\n')
            .filter((line) => /^[+-][^+-]/.test(line))
            .map((line) => line.replace(/#.*/s, '').replace(/\s+/g, ''))
            .filter((line) => line.length > 1)
            .join(''),
        ),
      );
      await shown.getByRole('region', { name: 'Tasks with candidates' }).getByText('marshmallow-code__marshmallow-1867').click();
      const detail = shown.getByRole('region', { name: 'Candidates of marshmallow-code__marshmallow-1867' });
      await expect.poll(() => detail.innerText()).toContain(`${runs.length} candidates, ${distinct.size} group`);
    },
  );
});
