/** Inputs in the built page: the order of a drop changes no byte, the command line writes the same, and a file that changes is named. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { proven } from '../helpers/proven.ts';
import { dropFiles, exportFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-identity-'));
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const line = (id: string, task: string, answer: string, reward: number): string =>
  `${JSON.stringify({
    id,
    task_id: task,
    reward,
    messages: [
      { role: 'user', content: `${task}?` },
      { role: 'assistant', content: answer },
    ],
  })}\n`;
function put(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

it('gives the bytes of the command line, in whatever order files are dropped', async ({ task }) => {
  // Equal ids in two files, a broken line, a packed file.
  const paths = [
    put('one.jsonl', `${line('same', 'pears', 'Yes.', 1)}${line('same', 'pears', 'No.', 0)}{"broken`),
    put('two.jsonl', `${line('same', 'pears', 'No.', 1)}not json\n${line('b', 'plums', 'Soon.', 1)}`),
    put('packed.jsonl.gz', gzipSync(line('c', 'plums', 'Late.', 0))),
  ];
  const written: Map<string, string>[] = [];
  for (const order of [paths, paths.toReversed()]) {
    const page = await workbench.open('', { scoresByItself: false });
    await dropFiles(page, order);
    await page.getByText('5 rollouts').first().waitFor();
    written.push(await exportFiles(page));
    await page.context().close();
  }
  const [first, second] = written;
  expect(second).toEqual(first);
  const { budget, weights } = JSON.parse(first?.get('manifest.json') ?? '') as {
    budget: { target_cut: number; target_train: number };
    weights: string;
  };
  const out = join(folder, 'out');
  const shares = ['--budget', `${100 * budget.target_cut}%`, '--train-budget', `${100 * budget.target_train}%`];
  const args = ['prune', ...paths, '--preset', 'auto', ...shares, '--weights', weights.split(':')[0] ?? '', '--out', out];
  const { status, stderr } = spawnSync(process.execPath, ['bin/espalier.mjs', ...args], { encoding: 'utf8' });
  expect(stderr).not.toContain('Error');
  expect(status).toBe(0);
  for (const [name, text] of first ?? []) expect([name, readFileSync(join(out, name), 'utf8')]).toEqual([name, text]);
  expect(first?.size).toBeGreaterThan(3);
  proven(task, {
    part: 'Input',
    fault: 'Three files are dropped in one order and in the other, and named on the command line',
    happened: `${first?.size} files of each export, the manifest with its issues among them, are the same in every byte`,
  });
});

it('names a file that was rewritten after it was opened, and writes nothing', async ({ task }) => {
  const path = put('later.jsonl', Array.from({ length: 20 }, (_, i) => line(`${i}`, 'pears', `Yes ${i}.`, 1)).join(''));
  const page = await workbench.open('', { scoresByItself: false });
  await page.evaluate(() => Reflect.deleteProperty(window, 'showOpenFilePicker'));
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /files/i }).first().click();
  await (await chooser).setFiles(path);
  await page.getByText('20 rollouts').first().waitFor();
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('Yes', 'Nay'));
  let downloads = 0;
  page.on('download', () => downloads++);
  await page
    .getByRole('button', { name: /^Export/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Download/ }).click();
  const alert = dialog.getByRole('alert').filter({ hasText: 'The export failed' });
  await alert.waitFor();
  const said = await alert.innerText();
  expect(said).toMatch(/^The export failed: later\.jsonl changed since it was opened: [\d,]+ bytes then.*; open it again/);
  expect(downloads).toBe(0);
  await page.context().close();
  proven(task, {
    part: 'Input',
    fault: 'A file is rewritten with the same length after it was opened in the page',
    happened: 'no file is written, and the dialog names it: “later.jsonl changed since it was opened”',
  });
  expect(workbench.outside).toEqual([]);
});
