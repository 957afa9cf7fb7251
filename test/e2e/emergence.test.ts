/** Emergence on the built page: figures of own and of real logs as loops over the raw files count them, and the file of all numbers. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { open, rule } from '../../src/cli/api.ts';
import { PRESETS, presetRule } from '../../src/core/rule/presets.ts';
import { emergenceCsv } from '../../src/engine/studies/emergence/rows.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const DATA = '../shared/data';
const WIKI = join(DATA, 'verifiers-evals/wiki_search/outputs/evals');
const TAU2 = join(DATA, 'tau2-bench/src/experiments/model_training/results');
const folder = mkdtempSync(join(tmpdir(), 'espalier-emergence-'));
let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench({ gpu: false });
});
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Calls of each turn of a rollout, and its reward. */
interface Counted {
  readonly calls: readonly number[];
  readonly reward: number;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const decimal = (value: number): string => (value < 1 ? value.toFixed(3) : value.toFixed(2));
const percent = (share: number): string => `${(share * 100).toFixed(1)}\u202f%`;

/** What the table says of a set, figure by figure. */
function expected(rollouts: readonly Counted[]): Readonly<Record<string, string>> {
  const turns = rollouts.flatMap(({ calls }) => calls);
  return {
    Turns: decimal(turns.length / rollouts.length),
    'Calls per turn': decimal(sum(turns) / turns.length),
    'Calls at once': decimal(sum(turns) / turns.filter((calls) => calls > 0).length),
    'Turns with 2 or more calls': percent(turns.filter((calls) => calls >= 2).length / turns.length),
    Reward: decimal(sum(rollouts.map(({ reward }) => reward)) / rollouts.length),
    Solved: percent(rollouts.filter(({ reward }) => reward > 0).length / rollouts.length),
  };
}

async function show(files: readonly string[], hash = ''): Promise<Page> {
  const page = await bench.open(hash, { scoresByItself: false });
  await dropFiles(page, files);
  await page.getByRole('button', { name: /^Export/ }).waitFor({ timeout: 60_000 });
  await page.keyboard.press('y');
  await page.getByRole('heading', { name: 'What the selection prefers' }).waitFor({ timeout: 60_000 });
  await page.locator('[aria-label="Emergence"] [aria-busy="false"]').waitFor({ timeout: 60_000 });
  return page;
}

/** The number of each row in a column, without its interval. */
async function numbersOf(page: Page, caption: RegExp, column: number): Promise<Readonly<Record<string, string>>> {
  const rows = await page.getByRole('table', { name: caption }).locator('tbody tr').all();
  const found = await Promise.all(
    rows.map(async (row): Promise<[string, string]> => {
      const name = await row.getByRole('rowheader').locator('span').first().innerText();
      const [number = ''] = (await row.getByRole('cell').nth(column).innerText()).split('\n');
      return [name.split('\n')[0] ?? '', number];
    }),
  );
  return Object.fromEntries(found);
}

async function expectSets(page: Page, from: readonly Counted[], to: readonly Counted[]): Promise<void> {
  for (const [column, own] of [from, to].entries()) {
    const told = await numbersOf(page, /^From /, column);
    for (const [name, number] of Object.entries(expected(own))) {
      const key = Object.keys(told).find(
        (one) => one.startsWith(name) && (one === name || /^ ?(?:turns|calls)$/.test(one.slice(name.length))),
      );
      expect([name, told[key ?? '']]).toEqual([name, number]);
    }
  }
}

/** Everything that may carry loss: of a log that opens on successes, those. */
async function expectEverything(page: Page, rollouts: readonly Counted[]): Promise<void> {
  const told = await numbersOf(page, /^All figures at the budget in force/, 1);
  const turns = Object.entries(told).find(([name]) => name.startsWith('Turns per rollout, as trained'));
  expect(turns?.[1]).toBe(decimal(sum(rollouts.map(({ calls }) => calls.length)) / rollouts.length));
}

it('shows the versions of an own log, and saves the numbers of the library', async () => {
  const made: Counted[] = Array.from({ length: 16 }, (_, n) => ({ calls: n < 8 ? [1, 1, n % 3, 0] : [2, 0], reward: n % 4 === 0 ? 0 : 1 }));
  const path = join(folder, 'own.jsonl');
  const lines = made.map(({ calls, reward }, n) => {
    const messages: object[] = [{ role: 'user', content: `Do ${n % 2}.` }];
    for (const [t, count] of calls.entries()) {
      const ids = Array.from({ length: count }, (__, c) => `c${t}${c}`);
      const made = ids.map((id) => ({ id, type: 'function', function: { name: 'read', arguments: `{"n":${n}}` } }));
      messages.push({ role: 'assistant', content: `${n} says ${t}.`, ...(count > 0 ? { tool_calls: made } : {}) });
      for (const id of ids) messages.push({ role: 'tool', tool_call_id: id, content: 'out' });
    }
    return `${JSON.stringify({ id: `r${n}`, task_id: `t${n % 2}`, step: n < 8 ? 5 : 11, reward, messages })}\n`;
  });
  writeFileSync(path, lines.join(''));
  const page = await show([path]);
  await page.getByRole('table', { name: 'From 5 to 11' }).waitFor();
  await expectSets(page, made.slice(0, 8), made.slice(8));
  await expectEverything(
    page,
    made.filter(({ reward }) => reward > 0),
  );
  await expect.poll(() => page.url()).toContain('view=emergence');

  const [download]: [Download, void] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ]);
  const dataset = await open(path);
  const sft = PRESETS[0];
  const { order } = dataset.prune(rule(presetRule(sft)), sft.budget);
  const others = [0.1, 0.3, 0.5].filter((share) => share !== sft.budget.train).map((train) => ({ cut: 1, train }));
  const question = { where: '', split: null, to: null, orderId: order.orderId, budget: sft.budget, others, seeds: 39, resamples: 1000 };
  const answer = await dataset.studies.emergence(question, () => undefined);
  if (!answer.ok) throw new Error(answer.fault);
  expect(download.suggestedFilename()).toBe('emergence.csv');
  expect(readFileSync(await download.path(), 'utf8')).toBe(emergenceCsv(answer));
  await dataset.close();
  expect(bench.errors).toEqual([]);
  await page.context().close();
});

// Skipped where real logs do not lie beside this repository.
it.skipIf(!existsSync(WIKI))('shows two models on the questions of a real log', async () => {
  const names = ['wiki-search--gpt-4.1-nano/50fa4920', 'wiki-search--gpt-5/73850758'];
  const sets = names.map((name) =>
    readFileSync(join(WIKI, name, 'results.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): Counted => {
        const { completion, reward } = JSON.parse(line) as {
          completion: readonly { role: string; tool_calls: readonly string[] | null }[];
          reward: number;
        };
        return { calls: completion.filter(({ role }) => role === 'assistant').map(({ tool_calls }) => tool_calls?.length ?? 0), reward };
      }),
  );
  const paths = ['a-nano.jsonl', 'b-gpt5.jsonl'].map((name) => join(folder, name));
  for (const [i, path] of paths.entries()) writeFileSync(path, readFileSync(join(WIKI, names[i] ?? '', 'results.jsonl')));
  const page = await show(paths);
  await page.getByRole('table', { name: 'From a-nano.jsonl to b-gpt5.jsonl' }).waitFor();
  const [nano = [], gpt5 = []] = sets;
  await expectSets(page, nano, gpt5);
  await expectEverything(
    page,
    [...nano, ...gpt5].filter(({ reward }) => reward > 0),
  );
  await page.context().close();
});

it.skipIf(!existsSync(TAU2))('shows a model and its fine-tune on the tasks of a real log', async () => {
  const files = [
    'gpt-4.1_airline_default_gpt-4.1_1trials.json',
    'ft_gpt-4.1-2025-04-14_sierra_tau2-full-sft_BzrYdMNm_airline_default_gpt-4.1_1trials.json',
  ].map((name) => join(TAU2, name));
  const [base = [], tuned = []] = files.map((file) => {
    const { simulations } = JSON.parse(readFileSync(file, 'utf8')) as {
      simulations: readonly {
        messages: readonly { role: string; tool_calls: readonly object[] | null }[];
        reward_info: { reward: number };
      }[];
    };
    return simulations.map(({ messages, reward_info: { reward } }): Counted => {
      // The greeting is a text of the simulator, which no policy sampled.
      const said = messages.slice(1).filter(({ role }) => role === 'assistant');
      return { calls: said.map(({ tool_calls }) => tool_calls?.length ?? 0), reward };
    });
  });
  // Sets go by the names of the policies: the fine-tune is the first.
  const page = await show(files);
  await page.getByRole('table', { name: /^From ft:gpt-4.1.* to gpt-4.1$/ }).waitFor();
  await expectSets(page, tuned, base);
  await page.getByLabel('Sets of rollouts').selectOption('by policy');
  await page.getByLabel('Held against').selectOption('gpt-4.1');
  await page.getByRole('table', { name: /^From gpt-4.1 to ft:gpt-4.1/ }).waitFor();
  await expectSets(page, base, tuned);
  await page.context().close();
});
