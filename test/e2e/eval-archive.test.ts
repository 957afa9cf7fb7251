/** An `.eval` archive of 100 samples in the built page: every layout and packing opens, and its text is read back by address. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { zipFile, type ZipMember } from '../helpers/zipFile.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const TASKS = 20;
const EPOCHS = 5;
const folder = mkdtempSync(join(tmpdir(), 'espalier-eval-'));
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench({ gpu: false });
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const message = (role: string, content: string): object => ({ role, content, source: role === 'assistant' ? 'generate' : 'input' });

/** Samples of even ids in the old layout, deflated; the others in chunks, packed by zstd. */
function sampleFiles(id: number, epoch: number): ZipMember[] {
  const answer = message('assistant', `Bed ${id} got ${epoch} cans, and the can is empty.`);
  const messages = [message('system', 'You water beds.'), message('user', `attachment://${id % 2 === 0 ? 'a1' : '0'}`), answer];
  const base = { id, epoch, input: 'Water it.', target: '', output: {}, scores: { match: { value: epoch % 2 === 0 ? 'C' : 'I' } } };
  const question = `Water bed ${id}, please. `.repeat(6);
  const name = `samples/${id}_epoch_${epoch}`;
  const json = (value: unknown): string => JSON.stringify(value);
  if (id % 2 === 0) return [{ name: `${name}.json`, content: json({ ...base, messages, attachments: { a1: question } }), method: 8 }];
  return [
    { name: `${name}/sample.json`, content: json({ ...base, message_refs: [[0, 3]] }), method: 93 },
    { name: `${name}/messages/0.json`, content: json(messages.slice(0, 2)), method: 93 },
    { name: `${name}/messages/2.json`, content: json(messages.slice(2)), method: 93 },
    { name: `${name}/attachments/0.json`, content: json([question]), method: 93 },
  ];
}

it('opens as 100 rollouts of 20 tasks, and shows what they say', async () => {
  const header = { version: 2, status: 'success', eval: { task: 'watering', model: 'house/waterer' } };
  const members: ZipMember[] = [{ name: 'header.json', content: JSON.stringify(header), method: 8 }];
  for (let id = 1; id <= TASKS; id++)
    for (let epoch = 1; epoch <= EPOCHS; epoch++) for (const file of sampleFiles(id, epoch)) members.push(file);
  const path = join(folder, 'watering.eval');
  writeFileSync(path, zipFile(members));
  const page = await workbench.open('', { scoresByItself: false });
  await dropFiles(page, [path]);
  await page.getByText(`${TASKS * EPOCHS} rollouts · ${TASKS} tasks`).waitFor({ timeout: 60_000 });
  const feed = page.getByRole('feed', { name: 'Conversation' });
  for (let waited = 0; waited < 60 && (await feed.getByRole('article').count()) === 0; waited++) {
    await page.keyboard.press('5');
    await page.waitForTimeout(500);
  }
  await feed
    .getByText(/Water bed \d+, please\. Water bed/)
    .first()
    .waitFor();
  await feed
    .getByText(/Bed \d+ got \d cans/)
    .first()
    .waitFor();
  expect(workbench.errors).toEqual([]);
  await page.context().close();
});
