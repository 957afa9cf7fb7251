/** Ground truths in the built page: the figures on screen are those of an oracle over the raw files, on an own log and on real ones. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { argumentsOf, asTruth, type MadeCall, type TrueCall } from '../../src/core/truths/calls.ts';
import { TRUTH_CHOICE_NAMES, TRUTH_CHOICES } from '../../src/core/truths/settings.ts';
import { acceptedFile, callLog } from '../helpers/callLogs.ts';
import { naiveTruths } from '../helpers/naiveTruths.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const TAU2 = '../shared/data/tau2/gpt-4.1-2025-04-14_telecom_no-user_gpt-4.1-2025-04-14_4trials_5tasks.json';
const TAU = '../shared/data/tau-bench/historical_trajectories/gpt-4o-airline.json';
const hasShared = [TAU2, TAU].every((path) => existsSync(path));
if (!hasShared) console.warn('ground truths of real logs are not tested: ../shared/data has none of them');

const folder = mkdtempSync(join(tmpdir(), 'espalier-truths-page-'));
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

async function show(...files: readonly string[]): Promise<Page> {
  page = await workbench.open('#view=truths', { scoresByItself: false });
  await dropFiles(page, files);
  await settled(page);
  return page;
}

async function settled(on: Page): Promise<void> {
  await on.locator('[aria-label="Ground truths"] > [aria-busy="false"]').waitFor({ timeout: 60_000 });
  await on.getByRole('region', { name: 'Early stopping' }).waitFor();
}

/** Figures of a list by name: all numbers of each. */
async function figures(on: Page, region: string): Promise<Record<string, number[]>> {
  const list = on.getByRole('region', { name: region, exact: true }).locator('dl > div');
  const texts = await list.evaluateAll((parts) =>
    parts.map((part) => [part.querySelector('dt')?.textContent ?? '', part.querySelector('dd')?.textContent ?? '']),
  );
  return Object.fromEntries(
    texts.map(([name = '', text = '']) => [name, [...text.replaceAll(',', '').matchAll(/\d+(?:\.\d+)?/g)].map(Number)]),
  );
}

/** Of the rows in view: cells by rollout. */
async function rows(on: Page): Promise<Record<string, string[]>> {
  const cells = await on
    .getByRole('table', { name: 'Rollouts beside ground truths' })
    .locator('tbody tr')
    .evaluateAll((lines) => lines.map((line) => [...line.querySelectorAll('td')].map((cell) => cell.innerText.trim())));
  return Object.fromEntries(cells.map(([id = '', ...rest]) => [id, rest]));
}

describe('the view of ground truths', () => {
  it('is reached by its key, and leads to places, calls side by side, another reward and an act', async () => {
    const right = [{ tool: 'book', args: { to: 'B' } }];
    const [log, answers] = [join(folder, 'log.jsonl'), join(folder, 'answers.json')];
    writeFileSync(
      log,
      callLog([
        { id: 'right', task: 't', reward: 1, calls: [{ tool: 'look', args: {} }, ...right] },
        { id: 'wrong', task: 't', reward: 0, calls: [{ tool: 'book', args: { to: 'C' } }, ...right] },
        { id: '<img src=x onerror=alert(1)>', task: 'u', reward: 0, calls: [] },
      ]),
    );
    writeFileSync(answers, acceptedFile({ t: right }));
    page = await workbench.open('', { scoresByItself: false });
    await dropFiles(page, [log, answers]);
    await page.locator('canvas').first().waitFor();
    await page.keyboard.press('r');
    await settled(page);
    expect(await figures(page, 'Summary')).toMatchObject({ 'ground truths': [1, 1, 2], 'discrepancy known': [2, 3] });
    // book(to=C) is a call too many: 1 of 2 + 1 calls.
    expect(await rows(page)).toMatchObject({
      right: ['t', 'reference, 1 call', 'does not', '1.00', '0.000', '1.000', ''],
      wrong: ['t', 'reference, 1 call', 'does not', '0.00', '0.333', '0.667', ''],
      '<img src=x onerror=alert(1)>': ['u', 'no ground truth of the task', '', '0.00', 'unknown', '–', ''],
    });
    await page.getByRole('slider', { name: 'Threshold of deviation' }).fill('0');
    const shown = page;
    await expect.poll(async () => (await rows(shown))['wrong']?.[2]).toBe('call 1, book');
    expect(await figures(page, 'Early stopping')).toMatchObject({ stopped: [1, 2, 50], 'false stops': [0, 1, 0], missed: [0, 1, 0] });

    await page.getByRole('button', { name: '0.333' }).click();
    const pairs = page.getByRole('table', { name: 'Calls of wrong and of the ground truth' });
    await pairs.waitFor();
    expect(await pairs.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^book\(to="C"\)\s+–\s+1\.00$/),
      expect.stringMatching(/^book\(to="B"\)\s+book\(to in \["B"\]\)\s+0\.00$/),
    ]);

    await page.getByRole('button', { name: 'Drop what is beyond' }).click();
    await page.getByText(/^An act drops 1 node with all below, \d+ sampled tokens of 1 rollout\.$/).waitFor();
    await page.getByRole('button', { name: /^Acts: 1 line/ }).waitFor();

    await page.getByLabel('Advantages go by it').check();
    await page.waitForFunction(() => location.hash.includes('reward=relative'));
    // Each setting can be chosen.
    const bar = page.getByRole('region', { name: 'Ground truths', exact: true });
    for (const name of TRUTH_CHOICE_NAMES) {
      const labels = TRUTH_CHOICES[name].map(({ label }) => label);
      const options = await bar
        .locator('select')
        .evaluateAll((all: HTMLSelectElement[]) => all.map((one) => Array.from(one.options, ({ text }) => text)));
      expect(options).toContainEqual(labels);
    }
    await page.getByLabel('Calls that count').selectOption('all');
    await page.waitForFunction(() => decodeURIComponent(location.hash).includes('truths=tools=all'));
    await settled(page);
    await expect.poll(async () => (await rows(shown))['right']?.[4]).toBe('0.333');

    await page.getByLabel('Calls that count').selectOption('task');
    await expect.poll(async () => (await rows(shown))['wrong']?.[2]).toBe('call 1, book');
    await page.getByRole('button', { name: 'call 1, book' }).click();
    await page.waitForFunction(() => /node=[0-9a-f]{16}/.test(location.hash) && !location.hash.includes('view=truths'));
  });

  interface Raw {
    readonly id: string;
    readonly task: string;
    readonly reward: number;
    readonly calls: readonly MadeCall[];
  }

  /** The page's figures at a threshold, against those of the oracle: only calls of tools that the task's reference names. */
  async function expectFigures(on: Page, raw: readonly Raw[], truths: ReadonlyMap<string, readonly TrueCall[]>): Promise<void> {
    const judged = raw.flatMap((rollout) => {
      const truth = truths.get(rollout.task) ?? [];
      const tools = new Set(truth.map(({ tool }) => tool));
      const made = rollout.calls.filter(({ tool }) => tools.has(tool));
      return tools.size === 0 ? [] : [{ ...rollout, ...naiveTruths(made, [truth]) }];
    });
    const successes = judged.filter(({ reward }) => reward > 0).length;
    for (const point of [0, 1]) {
      const slider = on.getByRole('slider', { name: 'Threshold of deviation' });
      const points = Number(await slider.getAttribute('max'));
      await slider.fill(String(Math.min(point * 7, points)));
      const threshold = Number((await slider.getAttribute('aria-valuetext'))?.replace(' calls', ''));
      const exact = judged.flatMap(({ beginnings }) => beginnings).find((cost) => Math.abs(cost - threshold) < 0.006) ?? 0;
      const stops = judged.filter(({ beginnings }) => beginnings.some((cost) => cost > exact + 1e-9));
      const falseStops = stops.filter(({ reward }) => reward > 0).length;
      const missed = judged.length - successes - (stops.length - falseStops);
      const share = (value: number, of: number): number[] => (of > 0 ? [Number(((100 * value) / of).toFixed(1))] : []);
      expect(await figures(on, 'Early stopping')).toMatchObject({
        stopped: [stops.length, judged.length, ...share(stops.length, judged.length)],
        'false stops': [falseStops, successes, ...share(falseStops, successes)],
        missed: [missed, judged.length - successes, ...share(missed, judged.length - successes)],
      });
    }
    expect((await figures(on, 'Summary'))['discrepancy known']).toEqual([judged.length, raw.length]);
    const shown = await rows(on);
    let compared = 0;
    for (const { id, discrepancy } of judged) {
      if (shown[id] === undefined) continue;
      compared++;
      expect([id, shown[id][4]]).toEqual([id, (discrepancy ?? Number.NaN).toFixed(3)]);
    }
    expect(compared).toBeGreaterThan(5);
  }

  interface Message {
    readonly role: string;
    readonly tool_calls?:
      readonly { readonly name?: string; readonly arguments?: object; readonly function?: { name: string; arguments: string } }[] | null;
  }
  const callsOf = (messages: readonly Message[]): MadeCall[] =>
    messages.flatMap(({ role, tool_calls: calls }) =>
      role !== 'assistant'
        ? []
        : (calls ?? []).map(({ name, arguments: args, function: called }) => ({
            tool: called?.name ?? name ?? '',
            args: argumentsOf(called?.arguments ?? JSON.stringify(args ?? {})),
          })),
    );
  const truth = (tool: string, args: unknown): TrueCall => asTruth({ tool, args: argumentsOf(JSON.stringify(args ?? {})) });

  it.skipIf(!hasShared)('shows of tau2’s results what the oracle finds', async () => {
    const log = JSON.parse(readFileSync(TAU2, 'utf8')) as {
      readonly tasks: readonly {
        readonly id: string;
        readonly evaluation_criteria: { readonly actions: readonly { name: string; requestor: string; arguments: object }[] };
      }[];
      readonly simulations: readonly {
        readonly id: string;
        readonly task_id: string;
        readonly reward_info: { readonly reward: number };
        readonly messages: readonly Message[];
      }[];
    };
    const truths = new Map(
      log.tasks.map(({ id, evaluation_criteria: { actions } }) => [
        id,
        actions.filter(({ requestor }) => requestor !== 'user').map(({ name, arguments: args }) => truth(name, args)),
      ]),
    );
    const raw = log.simulations.map((run) => ({
      id: run.id,
      task: run.task_id,
      reward: run.reward_info.reward,
      calls: callsOf(run.messages),
    }));
    await expectFigures(await show(TAU2), raw, truths);
  });

  it.skipIf(!hasShared)('shows of tau-bench’s results what the oracle finds', async () => {
    const log = JSON.parse(readFileSync(TAU, 'utf8')) as readonly {
      readonly task_id: number;
      readonly trial: number;
      readonly reward: number;
      readonly traj: readonly Message[];
      readonly info: { readonly task: { readonly actions: readonly { name: string; kwargs: object }[] } };
    }[];
    const truths = new Map(
      log.map(({ task_id: id, info }) => [
        String(id),
        info.task.actions.filter(({ name }) => name !== 'respond').map(({ name, kwargs }) => truth(name, kwargs)),
      ]),
    );
    const raw = log.map((run) => ({
      id: `gpt-4o-airline.json/${run.task_id}/${run.trial}`,
      task: String(run.task_id),
      reward: run.reward,
      calls: callsOf(run.traj),
    }));
    await expectFigures(await show(TAU), raw, truths);
  });
});
