/** In the built page a log of text is read again as the chosen model reads it: with the tokenizer and chat template of its folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const LM = 'test/fixtures/tiny-lm';
const folder = mkdtempSync(join(tmpdir(), 'espalier-own-'));
const template = join(folder, 'chat_template.jinja');
const log = join(folder, 'log.jsonl');
let workbench: Workbench;
beforeAll(async () => {
  writeFileSync(template, '{% for m in messages %}{{ m.role }} says {{ m.content }}\n{% endfor %}');
  const messages = [
    { role: 'user', content: 'look at the bed' },
    { role: 'assistant', content: 'the bed is dry' },
  ];
  writeFileSync(log, [0, 1].map((n) => `${JSON.stringify({ id: `r${n}`, task_id: 't', reward: n, messages })}\n`).join(''));
  workbench = await startWorkbench({ gpu: false });
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

it('offers it, does it, and says so', async () => {
  const page = await workbench.open('', { scoresByItself: false });
  await dropFiles(page, [log]);
  await page.getByText('o200k_base on text').first().waitFor();
  await dropFiles(page, [
    ...['model.onnx', 'config.json', 'tokenizer.json', 'tokenizer_config.json'].map((name) => join(LM, name)),
    template,
  ]);
  const panel = page.getByRole('dialog', { name: 'Entropy' });
  await panel.getByText('The log’s text is rendered by o200k_base, not as this model reads it.').waitFor();
  await panel.getByRole('button', { name: 'Read it again as the model does' }).click();
  await page
    .getByText(/dropped model [0-9a-f]{8} on text/)
    .first()
    .waitFor();
  await page.getByRole('application', { name: /^Prefix tree/ }).focus();
  const text = page.getByRole('region', { name: 'Selected node' }).getByText(/user says/);
  // A key means something once the tree is drawn.
  const isShown = async (): Promise<boolean> => {
    if (!page.url().includes('node=')) await page.keyboard.press('ArrowRight');
    return text.first().isVisible();
  };
  await expect.poll(isShown, { interval: 500 }).toBe(true);
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^entropy/ })
    .click();
  await panel.getByText('The log’s text is rendered by this model’s own tokenizer and chat template.').waitFor();
  await page.keyboard.press('Escape');
  expect(workbench.errors).toEqual([]);
  await page.context().close();
});
