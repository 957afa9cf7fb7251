/** Versions of the policy on the built page: a rollout that paused and went on is one, and each turn says by which version it is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-policy-'));
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench({ gpu: false });
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const line = (id: string, fields: object, ...turns: readonly object[]): string =>
  `${JSON.stringify({
    id,
    task_id: 'one',
    ...fields,
    messages: turns.flatMap((turn) => [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', ...turn },
    ]),
  })}\n`;

it('labels turns on- and off-policy, against the newest version and another', async () => {
  const path = join(folder, 'paused.jsonl');
  const log = [
    line('a', { policy_version: 5, status: 'aborted' }, { content: 'One.' }),
    line('a', { policy_version: 7, status: 'completed' }, { content: 'One.' }, { content: 'And on.' }),
    line('b', { policy_version: 7, status: 'completed' }, { content: 'Two.' }),
    line('b', { policy_version: 7, status: 'completed' }, { content: 'Two.' }),
  ];
  writeFileSync(path, log.join(''));
  const page = await workbench.open('', { scoresByItself: false });
  await dropFiles(page, [path]);
  await page
    .getByText(/\d+ rollouts?/)
    .first()
    .waitFor({ timeout: 60_000 });
  const feed = page.getByRole('feed', { name: 'Conversation' });
  const turns = feed.getByRole('article', { name: /^turn/ });
  for (let waited = 0; waited < 60 && (await turns.count()) < 2; waited++) {
    await page.keyboard.press('5');
    await page.waitForTimeout(500);
  }
  await turns.nth(1).getByText('on-policy: version 7', { exact: true }).waitFor();
  expect(await turns.nth(0).innerText()).toContain('off-policy: version 5, 2 versions behind');

  await page.keyboard.press('i');
  const dialog = page.getByRole('dialog', { name: 'Open dataset' });
  await dialog.getByText('1 copy of earlier rollouts, 1 part merged into the rollouts that go on with them').waitFor();
  await dialog.getByText('4 (1 merged)').waitFor();
  await dialog.getByLabel('Policy version').fill('5');
  await dialog.getByRole('button', { name: 'Apply and read again' }).click();
  await page.keyboard.press('Escape');
  await turns.nth(0).getByText('on-policy: version 5', { exact: true }).waitFor();
  expect(await turns.nth(1).innerText()).toContain('off-policy: version 7, 2 versions ahead');
  await expect.poll(() => page.url()).toContain('policy=5');
  expect(workbench.errors).toEqual([]);
  await page.context().close();
});
