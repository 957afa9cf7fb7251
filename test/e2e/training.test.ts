/** The train target on the built page: both handles by key, what still carries loss, why a node does not, and redaction to the byte. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const ADDRESS = 'ada@analytical.org';
const folder = mkdtempSync(join(tmpdir(), 'espalier-training-'));
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench({ gpu: false });
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** "80 / 128" of a row of the table beside the curve. */
const counted = async (page: Page, name: string): Promise<number> => {
  const row = page.getByLabel('Budget').locator('tr, dl > div, li').filter({ hasText: name }).first();
  return Number(/([\d,]+) \/ [\d,]+/.exec(await row.innerText())?.[1]?.replaceAll(',', ''));
};

it('has a handle for the cut and one for training, each with its figure, and says why a node does not train', async () => {
  const page = await workbench.open('', { scoresByItself: false });
  await dropFiles(page, [SAMPLE]);
  const train = page.getByRole('slider', { name: /^Train budget/ });
  const cut = page.getByRole('slider', { name: /^Budget: share of the cost/ });
  await train.waitFor();
  await page.getByText('rollouts with loss').first().waitFor();
  const all = await counted(page, 'rollouts with loss');
  await train.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => new URL(page.url()).hash).toMatch(/train=0(?:&|$)/);
  await expect.poll(() => counted(page, 'rollouts with loss')).toBe(0);
  expect(all).toBeGreaterThan(0);
  const at = await cut.getAttribute('aria-valuenow');
  await page.keyboard.press('End');
  await expect.poll(() => counted(page, 'rollouts with loss')).toBe(all);
  expect(await cut.getAttribute('aria-valuenow')).toBe(at);
  await cut.focus();
  await page.keyboard.press('End');
  await expect.poll(() => new URL(page.url()).hash).toMatch(/cut=1(?:&|$)/);
  await train.focus();
  await page.keyboard.press('Home');
  await page.getByRole('application', { name: /Prefix tree/ }).focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
  await page
    .getByLabel('Selected node')
    .getByText(/Not trained|carry no loss|does not train/i)
    .first()
    .waitFor();
  expect(workbench.errors).toEqual([]);
  await page.context().close();
});

it('shows records as conversations, lists what looks like a secret, and writes none of what is ticked', async () => {
  const log = join(folder, 'mail.jsonl');
  const line = (answer: string): string =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `Write to ${ADDRESS}.` },
        { role: 'assistant', content: answer },
      ],
      reward: 1,
    });
  writeFileSync(log, [line(`I wrote to ${ADDRESS}.`), line('I did not.')].join('\n'));
  const page = await workbench.open('', { scoresByItself: false });
  await dropFiles(page, [log]);
  await page.getByText('2 rollouts').first().waitFor();
  await page.keyboard.press('Control+e');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('list', { name: 'Messages of the record' }).getByText(`Write to ${ADDRESS}.`).waitFor();
  const redaction = dialog.getByRole('region', { name: 'Redaction' });
  await redaction.getByText('Nothing is replaced.', { exact: false }).waitFor();
  await redaction.getByRole('checkbox', { name: /^Redact: .*e-mail/i }).check();
  await redaction.getByText(/Left out for it: .*[Tt]oken.*, .*[Ff]orest.*\./).waitFor();
  await redaction.getByText(/1 value replaced/).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: /^Download/ }).click()]);
  const written = readFileSync(await download.path(), 'utf8');
  expect(download.suggestedFilename()).toMatch(/\.jsonl?$/);
  expect(written).not.toContain(ADDRESS);
  expect(written).toContain('[e-mail address 1]');
  expect(workbench.errors).toEqual([]);
  await page.context().close();
});
