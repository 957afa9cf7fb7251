/**
 * The judge, the files of chosen candidates and reflection rounds on the built page: real files, the real fetch worker under the real
 * policy, and a stand-in for the model behind real HTTP. Rounds of two real logs against counts made here from their records.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candidateLogs } from '../helpers/candidateLogs.ts';
import { startJudge, type AskedQuestion, type JudgeServer, type Reaction } from '../helpers/judgeServer.ts';
import { tarFile } from '../helpers/tarFile.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const KEY = 'sk-page-0123456789abcdef';
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
const LOGS = join(folder, 'logs.tar');
let workbench: Workbench;
let server: JudgeServer;
let react: (question: AskedQuestion, n: number) => Reaction = () => ({ say: '{"score": 5}' });

beforeAll(async () => {
  writeFileSync(LOGS, tarFile(candidateLogs().map(([name, content]) => ({ name, content, as: 'pax' as const }))));
  workbench = await startWorkbench();
  server = await startJudge((question, n) => react(question, n));
});
afterAll(async () => {
  await workbench.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openCandidates(): Promise<Page> {
  const page = await workbench.open('#view=candidates', { scoresByItself: false });
  page.setDefaultTimeout(10_000);
  await dropFiles(page, [LOGS]);
  await page.getByRole('region', { name: 'What a choice solves' }).waitFor({ timeout: 60_000 });
  return page;
}

const unfold = async (page: Page, name: string): Promise<Locator> => {
  await page.getByRole('button', { name, exact: true }).click();
  return page.getByRole('region', { name, exact: true });
};

async function enter(panel: Locator, address: string, key: string): Promise<void> {
  await panel.getByLabel('Address').fill(address);
  await panel.getByLabel('Model').fill('stand-in');
  await panel.getByLabel('Key, if it asks for one').fill(key);
}

describe('a judge', () => {
  let page: Page;
  let panel: Locator;
  beforeAll(async () => {
    page = await openCandidates();
    panel = await unfold(page, 'Ask a judge for scores');
  });
  afterAll(() => page.context().close());

  it('is sent nothing before a person says so', async () => {
    await enter(panel, server.address, KEY);
    await panel.getByRole('button', { name: 'Judge the candidates' }).click();
    const offer = panel.getByRole('alertdialog', { name: 'What is sent' });
    await offer.waitFor();
    const words = await offer.innerText();
    expect(words).toContain('sends 5 patches with the texts of their tasks');
    expect(words).toContain(new URL(server.address).host);
    expect(words).toContain('besides the prompt, with your key. The connection is not encrypted.');
    await offer.getByRole('button', { name: 'Do not send' }).click();
    await offer.waitFor({ state: 'detached' });
    expect(server.asked).toEqual([]);
  });

  it('gives scores that rank, and what gives none is said', async () => {
    // The wrong patch is the best to it; it stumbles, is slow, and of one patch it says nothing.
    react = ({ body }, n) => {
      const content = body.messages[0]?.content ?? '';
      if (n === 0) return { status: 429, text: '{"error": {"message": "busy"}}', headers: { 'Retry-After': '0' } };
      if (n === 1) return 'break-off';
      if (content.includes('two litres are enough')) return { say: `The key is ${KEY}.` };
      return { say: content.includes('litres=20') ? '{"score": 9}' : '{"score": 4}', slowly: 5 };
    };
    await panel.getByRole('button', { name: 'Judge the candidates' }).click();
    await panel.getByRole('button', { name: 'Send', exact: true }).click();
    const said = panel.getByLabel('What the judge said');
    await said.waitFor();
    expect(await said.innerText()).toMatch(
      /^stand-in at 127\.0\.0\.1:\d+ gave 4 of 5 patches a score, in 7 requests \(2 of them sent again\)/,
    );
    await panel.getByText('1 answer without a score, in no figure').click();
    await panel.getByText('expected a score from 0 to 10 as JSON, found “The key is [key]”').waitFor();
    expect(server.asked.map(({ authorization }) => authorization)).toEqual(Array(7).fill(`Bearer ${KEY}`));
    expect(await page.getByRole('combobox', { name: 'Ranking', exact: true }).inputValue()).toBe('judge');
  });

  it('is stopped in the middle, and what has come stays; of the same host nobody is asked again', async () => {
    server.asked.length = 0;
    react = (_, n) => (n === 0 ? { say: '{"score": 7}' } : 'hang');
    await panel.getByLabel('Questions at once').fill('1');
    await panel.getByLabel('Questions at once').press('Tab');
    await panel.getByRole('button', { name: 'Judge again' }).click();
    await panel.getByText(/^1 of 5 answers/).waitFor();
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await panel.getByText(/^Cancelled: stand-in at .* gave 1 of 5 patches a score/).waitFor();
    for (let waited = 0; server.underWay() > 0 && waited < 100; waited++) await page.waitForTimeout(50);
    expect([server.underWay(), server.asked.length]).toEqual([0, 2]);
  });

  it('leaves its key nowhere: not in the address, storage, files or the page', async () => {
    react = () => ({ status: 401, text: JSON.stringify({ error: { message: `wrong key ${KEY}` } }) });
    await panel.getByRole('button', { name: 'Judge again' }).click();
    await panel.getByText(/gave 0 of 5 patches a score/).waitFor();
    await panel.getByText('status 401: wrong key [key]', { exact: false }).first().waitFor();
    const kept = await page.evaluate(everythingKept);
    expect(kept).toContain('espalier');
    const pieces = Array.from({ length: KEY.length - 5 }, (_, at) => KEY.slice(at, at + 6));
    expect(pieces.filter((piece) => kept.includes(piece))).toEqual([]);
  });

  it('that lets no page ask is told so, once another host was allowed', async () => {
    const closed = await startJudge(() => ({ say: '{"score": 5}' }), false);
    await panel.getByLabel('Address').fill(closed.address);
    await panel.getByRole('button', { name: 'Judge again' }).click();
    await panel.getByRole('button', { name: 'Send', exact: true }).click();
    await panel
      .getByText(/Could not reach 127\.0\.0\.1/)
      .first()
      .waitFor();
    expect(closed.asked).toEqual([]);
    closed.close();
  });
});

/** Runs in the page. */
async function everythingKept(): Promise<string> {
  const read = (name: string): Promise<unknown> =>
    new Promise((done) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => {
        const stores = [...opening.result.objectStoreNames];
        if (stores.length === 0) return done([]);
        const reading = opening.result.transaction(stores);
        const all = stores.map(
          (store) =>
            new Promise((got) => {
              const asking: IDBRequest<unknown[]> = reading.objectStore(store).getAll();
              asking.onsuccess = () => got(asking.result);
            }),
        );
        void Promise.all(all).then(done);
      };
    });
  const databases = await Promise.all((await indexedDB.databases()).map(({ name = '' }) => read(name)));
  return JSON.stringify([
    location.href,
    Object.entries(localStorage),
    Object.entries(sessionStorage),
    databases,
    document.documentElement.outerHTML,
  ]);
}

describe('what a ranking chooses', () => {
  it('is saved as predictions, and as pairs with what could not be paired', async () => {
    const page = await openCandidates();
    const saving = page.getByRole('region', { name: 'Save the chosen candidates' });
    const save = async (): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        saving.getByRole('button', { name: 'Save', exact: true }).click(),
      ]);
      return readFileSync(await download.path(), 'utf8');
    };
    const predictions = JSON.parse(await save()) as Record<string, { readonly model_patch: string; readonly model_name_or_path: string }>;
    expect(Object.keys(predictions)).toEqual(['garden__beds-1', 'garden__beds-2']);
    expect(predictions['garden__beds-1']?.model_patch).toContain('litres=2)');
    expect(predictions['garden__beds-2']?.model_patch).toContain('litres=20)');
    expect(predictions['garden__beds-1']?.model_name_or_path).toBe('best-by-votes');
    await page.getByRole('combobox', { name: 'A column as a ranking' }).selectOption('column:reward');
    await page.getByRole('combobox', { name: 'File of the chosen candidates' }).selectOption('pairs.jsonl');
    const [row] = (await save())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly rejected: unknown });
    expect(JSON.stringify(row?.rejected)).toContain('Run 2.');
    expect(await saving.getByLabel('What was saved').innerText()).toMatch(
      /^pairs\.jsonl: 1 pair of 2 tasks, 1 decided among equals by key; tasks whose candidates all have the same score: 1;/,
    );
    await page.context().close();
  });
});

describe('reflection rounds', () => {
  interface Rollout {
    readonly task: string;
    readonly reward: number | null;
  }

  /** What the page says of rounds, as its table has it. */
  async function shown(log: string): Promise<{ readonly rows: readonly string[][]; readonly text: string }> {
    const page = await workbench.open('#view=candidates', { scoresByItself: false });
    page.setDefaultTimeout(20_000);
    await dropFiles(page, [log]);
    const section = await unfold(page, 'Reflection rounds');
    await section.getByRole('table', { name: 'What each round gained' }).waitFor();
    const rows = await section
      .getByRole('table')
      .first()
      .locator('tbody tr')
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    const text = await section.innerText();
    await page.context().close();
    return { rows, text };
  }

  /** Counted by hand: name, rollouts, tasks, newly solved, solved so far, mean reward. */
  function counted(rounds: readonly (readonly [string, readonly Rollout[]])[]): string[][] {
    const solved = new Set<string>();
    const known = new Set(rounds.flatMap(([, all]) => all.filter(({ reward }) => reward !== null).map(({ task }) => task)));
    return rounds.map(([name, all]) => {
      const now = new Set(all.filter(({ reward }) => (reward ?? 0) > 0).map(({ task }) => task));
      const newly = [...now].filter((task) => !solved.has(task)).length;
      for (const task of now) solved.add(task);
      const rewards = all.flatMap(({ reward }) => reward ?? []);
      const mean = (rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length).toFixed(2);
      return [name, `${all.length}`, `${new Set(all.map(({ task }) => task)).size}`, `${newly}`, `${solved.size} of ${known.size}`, mean];
    });
  }

  const same = (rows: readonly string[][]): string[][] =>
    rows.map(([name = '', rollouts = '', tasks = '', newly = '', , soFar = '', reward = '']) => [
      name,
      rollouts,
      tasks,
      newly,
      soFar,
      reward.split(' ')[0] ?? '',
    ]);

  it('of files written by hand are those that one counts', async () => {
    const record = (id: string, task: string, round: number, reward: number): string =>
      `${JSON.stringify({
        id,
        task_id: task,
        round,
        reward,
        messages: [
          { role: 'user', content: task },
          { role: 'assistant', content: id },
        ],
      })}\n`;
    const log = join(folder, 'rounds.jsonl');
    writeFileSync(log, [record('a', 'x', 1, 0), record('b', 'x', 1, 0), record('c', 'x', 2, 1), record('d', 'y', 1, 1)].join(''));
    const { rows, text } = await shown(log);
    expect(same(rows)).toEqual([
      ['1', '3', '2', '1', '1 of 2', '0.33'],
      ['2', '1', '1', '1', '2 of 2', '1.00'],
    ]);
    expect(text).toContain('All rounds together solved 2 of 2 tasks. Of the 1 task whose first round has as many, the rounds solved 100.0');
    expect(text).toMatch(/2 rounds × 1, or 1 × 2\s+1\s+100\.0\s*%\s+0\.0\s*%/);
  });

  const WIKI = '../shared/data/verifiers-evals/wiki_search/outputs/evals';
  it.skipIf(!existsSync(WIKI))('of three real evaluations, two of them as one round, are those counted from their records', async () => {
    const read = (run: string): string => readFileSync(join(WIKI, run, 'results.jsonl'), 'utf8');
    const files = [
      ['round_1/a.jsonl', read('wiki-search--gpt-4.1-mini/d057f808')],
      ['round_1/b.jsonl', read('wiki-search--qwen--qwen3-30b-a3b-instruct-2507/4d62a02d')],
      ['round_2/c.jsonl', read('wiki-search--qwen--qwen3-30b-a3b-instruct-2507/6c9b879e')],
    ] as const;
    const rolloutsOf = (text: string): Rollout[] =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly prompt: unknown; readonly reward: number })
        .map(({ prompt, reward }) => ({ task: JSON.stringify(prompt), reward }));
    const log = join(folder, 'wiki.tar');
    writeFileSync(log, tarFile(files.map(([name, content]) => ({ name, content, as: 'pax' as const }))));
    const [a, b, c] = files.map(([, text]) => rolloutsOf(text));
    const first = [...(a ?? []), ...(b ?? [])];
    const { rows, text } = await shown(log);
    expect(same(rows)).toEqual(
      counted([
        ['1', first],
        ['2', c ?? []],
      ]),
    );
    // One of each round against two of the first, over tasks that have two there and one here.
    const of = (all: readonly Rollout[] | undefined, task: string): number[] =>
      (all ?? []).filter((each) => each.task === task).map(({ reward }) => Number((reward ?? 0) > 0));
    const both = [...new Set(first.map(({ task }) => task))].filter((task) => of(first, task).length === 2 && of(c, task).length === 1);
    const mean = (list: readonly number[]): string => ((list.reduce((sum, each) => sum + each, 0) / list.length) * 100).toFixed(1);
    const byOne = mean(both.map((task) => Math.max(...of(first, task))));
    const byRounds = mean(both.map((task) => 1 - (1 - (of(first, task)[0]! + of(first, task)[1]!) / 2) * (1 - of(c, task)[0]!)));
    expect(both.length).toBeGreaterThan(10);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`2 rounds × 1, or 1 × 2 ${both.length} ${byRounds} % ${byOne} %`);
  });

  const INSPECT = '../shared/data/inspect-ai/tests/log/test_eval_log/log_streaming.eval';
  it.skipIf(!existsSync(INSPECT))('of a real log of Inspect are its epochs', async () => {
    const samples = Object.entries(unzipSync(readFileSync(INSPECT)))
      .filter(([name]) => name.startsWith('samples/'))
      .map(
        ([, bytes]) =>
          JSON.parse(strFromU8(bytes)) as {
            readonly id: number;
            readonly epoch: number;
            readonly scores: Record<string, { readonly value: unknown }>;
          },
      );
    const epochs = [...new Set(samples.map(({ epoch }) => epoch))].sort((x, y) => x - y);
    const rolloutOf = ({ id, scores }: (typeof samples)[number]): Rollout => ({
      task: `${id}`,
      reward: Object.values(scores)[0]?.value === 'C' ? 1 : 0,
    });
    const { rows } = await shown(INSPECT);
    expect(epochs.length).toBeGreaterThan(1);
    expect(same(rows)).toEqual(
      counted(epochs.map((epoch) => [`${epoch}`, samples.filter((each) => each.epoch === epoch).map(rolloutOf)] as const)),
    );
  });
});

it('threw nothing, and asked nobody else', () => {
  expect(workbench.errors.filter((text) => !/Failed to load resource|CORS policy|ERR_INCOMPLETE_CHUNKED|net::ERR/.test(text))).toEqual([]);
  expect(workbench.outside.filter((url) => !/^http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions$/.test(url))).toEqual([]);
});
