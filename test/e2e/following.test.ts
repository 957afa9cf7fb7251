/** A folder that is followed in the built page: what a person said and chose stays as it grows, and what is not read is told. */
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { zipFile } from '../helpers/zipFile.ts';
import { startWorkbench, type Workbench } from './page.ts';
import { line, rollouts, startView } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-following-'));
const children: ChildProcess[] = [];
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterAll(async () => {
  for (const child of children) child.kill();
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own. */
function made(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

async function following(path: string): Promise<{ readonly page: Page; readonly strip: Locator; readonly errors: readonly string[] }> {
  const context = await workbench.browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(() => {
    localStorage.setItem('espalier-score-by-itself', 'no');
    localStorage.setItem('espalier-executor', 'wasm');
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(await startView(children, [path, '--follow']));
  return { page, strip: page.getByRole('region', { name: 'Files that grow' }), errors };
}

it('keeps the note, the protection, the selection and the scores of a node while its file grows', async () => {
  const path = made('chosen');
  const log = join(path, 'a.jsonl');
  const said = (n: number): string =>
    `${JSON.stringify({
      task_id: 'pears',
      reward: 1,
      messages: [
        { role: 'user', content: 'Water the pears.' },
        { role: 'assistant', content: `I look at the bed and then at the tank. It is ${n} degrees.` },
      ],
    })}\n`;
  writeFileSync(log, said(1) + said(2));
  const { page, errors } = await following(path);
  await rollouts(page, 2);
  const chip = page.getByRole('banner').getByRole('button', { name: /^entropy/ });
  await chip.click();
  const panel = page.getByRole('dialog', { name: 'Entropy' });
  await panel.getByRole('button', { name: 'Start scoring' }).click({ timeout: 60_000 });
  await panel.getByText(/Done in \d+ s/).waitFor({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  // The first fork: what both say before they part.
  await page.keyboard.press(']');
  const inspector = page.getByRole('region', { name: 'Selected node' });
  await inspector
    .getByText(/look at the bed/)
    .first()
    .waitFor();
  await page.keyboard.press('m');
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('note');
  await page.keyboard.type('Why the tank?');
  await page.keyboard.press('Escape');
  await inspector.getByRole('radio', { name: 'pin' }).check({ force: true });
  const chosen = (): Promise<Record<string, string>> =>
    page.evaluate(() => Object.fromEntries(new URLSearchParams(location.hash.slice(1)).entries()));
  await expect.poll(chosen).toMatchObject({ node: expect.stringMatching(/^[\da-f]{16}$/), hand: expect.stringMatching(/:pin$/) });
  const { node, hand } = await chosen();
  const scores = async (): Promise<string | undefined> => /entropy\s+[\d.]+ nats/.exec(await inspector.innerText())?.[0];
  await expect.poll(scores).toMatch(/nats/);
  const entropy = await scores();
  appendFileSync(log, said(3) + line('plums', 5, 5));
  await rollouts(page, 4);
  await inspector.getByText('3 / 3').waitFor();
  await expect.poll(scores, { timeout: 20_000 }).toBe(entropy);
  expect(await chosen()).toMatchObject({ node, hand });
  expect(await page.getByLabel('Note', { exact: true }).inputValue()).toBe('Why the tank?');
  expect(await inspector.getByRole('radio', { name: 'pin' }).isChecked()).toBe(true);
  await inspector.getByText('14 of 14 sampled tokens').waitFor();
  // What came has no scores yet.
  await expect.poll(() => chip.innerText()).toMatch(/of \d\d.% of sampled tokens/u);
  expect(errors).toEqual([]);
  await page.context().close();
}, 180_000);

it('says what is not read on, what came too late to be read, and that a file was cut short', async () => {
  const path = made('told');
  const call = (turns: number): string => {
    const said = Array.from({ length: turns }, (_, n) => [
      { role: 'user', content: `ask ${n}` },
      { role: 'assistant', content: `say ${n}` },
    ]).flat();
    return JSON.stringify({ messages: said.slice(0, -1), response: { choices: [{ message: said.at(-1) }] } });
  };
  mkdirSync(join(path, 'calls'));
  const log = join(path, 'a.jsonl');
  writeFileSync(log, line('one', 0, 3) + line('one', 1, 3));
  for (const turns of [1, 2]) writeFileSync(join(path, 'calls', `m-170000000${turns}.json`), call(turns));
  writeFileSync(join(path, 'half.jsonl'), line('two', 2, 3).trim());
  const archive = join(path, 'packed.zip');
  writeFileSync(archive, zipFile([{ name: 'b.jsonl', content: line('three', 3, 3) }]));
  const { page, strip, errors } = await following(path);
  await rollouts(page, 4);
  // An archive is read anew.
  const members = [3, 4].map((n) => ({ name: `${n}.jsonl`, content: line('three', n, 3) }));
  writeFileSync(archive, zipFile(members));
  await rollouts(page, 5);
  await strip.getByText(/3 of them are not read on: .*m-1700000001\.json: it is a record only together with .*; and 2 more/).waitFor();
  appendFileSync(join(path, 'half.jsonl'), '\n');
  await rollouts(page, 6);
  await strip.getByText(/2 of them are not read on: .*; and 1 more/).waitFor();
  const alert = strip.getByRole('alert');
  expect(await alert.count()).toBe(0);
  writeFileSync(join(path, 'calls', 'm-1700000003.json'), call(3));
  await alert.getByText(/m-1700000003\.json: it came to files that are one record together/).waitFor();
  writeFileSync(join(path, 'verdicts.csv'), 'id,reward\none-0,1\n');
  await alert.getByText(/; and 1 more/).waitFor();
  await rollouts(page, 6);
  await alert.getByRole('button', { name: 'Open again' }).click();
  await alert.waitFor({ state: 'detached' });
  await rollouts(page, 6);
  await strip.getByText(/3 of them are not read on/).waitFor();
  truncateSync(log, 20);
  await alert.getByText(/a\.jsonl: the file shrank: 20 bytes, fewer than the [\d,]+ read before/).waitFor();
  expect(errors).toEqual([]);
  await page.context().close();
}, 120_000);

it('joins outcomes that come later with the rollouts that they are about', async () => {
  const path = made('outcomes');
  const log = (instance: string): string =>
    `${JSON.stringify({
      instance_id: instance,
      messages: [
        { role: 'user', content: `Mend ${instance}.` },
        { role: 'assistant', content: 'Mended.' },
      ],
    })}\n`;
  writeFileSync(join(path, 'a.jsonl'), log('x-1') + log('x-2'));
  const { page, strip, errors } = await following(path);
  await rollouts(page, 2);
  await page.getByText('2 rollouts, reward unknown').or(page.getByText('1 rollout, reward unknown')).first().waitFor();
  const summary = { total_instances: 3, resolved_ids: ['x-1', 'x-3'], unresolved_ids: ['x-2'], error_ids: [], schema_version: 2 };
  writeFileSync(join(path, 'm.run.json'), JSON.stringify(summary));
  await page.getByText('reward unknown').first().waitFor({ state: 'detached' });
  appendFileSync(join(path, 'a.jsonl'), log('x-3'));
  await rollouts(page, 3);
  expect(await page.getByText(/, reward unknown/).count()).toBe(0);
  await strip.getByText('Following 2 files').waitFor();
  expect(await strip.getByRole('alert').count()).toBe(0);
  expect(errors).toEqual([]);
  await page.context().close();
}, 120_000);
