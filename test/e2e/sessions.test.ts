/** Sessions that a browser keeps, in the built page: opened again with their files and tokenizer, and never overwritten unasked. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tinyTokenizerJson } from '../helpers/tinyTokenizer.ts';
import { startWorkbench, type Workbench } from './page.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench();
});
afterAll(() => bench.close());

const LOG = ['One.', 'Two.']
  .map((content, reward) => {
    const messages = [
      { role: 'user', content: 'How many pears?' },
      { role: 'assistant', content },
    ];
    return `${JSON.stringify({ id: `p${reward}`, reward, messages })}\n`;
  })
  .join('');

/** As a person who picks files of the disk: handles that the browser can keep. They lie in the page's own file system. */
async function pick(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate(async (contents) => {
    const root = await navigator.storage.getDirectory();
    const handles: FileSystemFileHandle[] = [];
    for (const [name, content] of Object.entries(contents)) {
      const handle = await root.getFileHandle(name, { create: true });
      const writable = await handle.createWritable();
      await writable.write(content);
      await writable.close();
      handles.push(handle);
    }
    Object.assign(globalThis, { showOpenFilePicker: () => Promise.resolve(handles) });
  }, files);
  await page.keyboard.press('Control+o');
}

async function another(page: Page): Promise<Page> {
  const next = await page.context().newPage();
  next.on('pageerror', (error) => bench.errors.push(error.message));
  await next.goto(bench.address);
  return next;
}

async function keep(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Save the session' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Keep in this browser' }).click();
}

const saving = (page: Page) => page.getByRole('dialog', { name: 'Save the session' });
const kept = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Kept sessions' }).getByRole('button', { name: new RegExp(`^${name} `) });

it('is opened again with its files, its filter and its tokenizer, and asks before it takes the place of another', async () => {
  const page = await bench.open('', { scoresByItself: false });
  await pick(page, { 'pears.jsonl': LOG, 'tokenizer.json': tinyTokenizerJson() });
  await page.getByText('2 rollouts · 1 task').waitFor();
  await page.getByRole('combobox', { name: 'Filter rollouts and search their texts' }).fill('reward>0');
  await expect.poll(() => page.url(), { timeout: 10_000 }).toContain('filter=reward');
  await page.keyboard.press('Escape');
  await keep(page, 'pears');
  await saving(page).waitFor({ state: 'detached' });

  const second = await another(page);
  await kept(second, 'pears').click();
  await second.getByText('2 rollouts · 1 task').waitFor();
  await expect.poll(() => new URL(second.url()).hash, { timeout: 10_000 }).toContain('filter=reward');
  expect(await second.getByRole('alert').count()).toBe(0);
  await second.keyboard.press('i');
  await second.getByRole('dialog', { name: 'Open dataset' }).getByText('tokenizer.json').first().waitFor();
  await second.keyboard.press('Escape');
  // It has seen the other, and may take its place.
  await keep(second, 'pears');
  await saving(second).waitFor({ state: 'detached' });

  // The first tab has not seen that one.
  await keep(page, 'pears');
  await saving(page).getByRole('alert').getByText('A session of this name was kept in this browser').waitFor();
  await saving(page).getByLabel('Name').fill('more pears');
  await saving(page).getByRole('button', { name: 'Keep in this browser' }).click();
  await saving(page).waitFor({ state: 'detached' });
  await keep(page, 'pears');
  await saving(page).getByRole('button', { name: 'Replace it' }).click();
  await saving(page).waitFor({ state: 'detached' });
  const third = await another(page);
  await kept(third, 'pears').waitFor();
  expect(await third.getByRole('region', { name: 'Kept sessions' }).getByRole('listitem').count()).toBe(2);
  expect(bench.errors).toEqual([]);
  await page.context().close();
});

it('says which tokenizer is missing where the browser has none of its fingerprint', async () => {
  const page = await bench.open('', { scoresByItself: false });
  await pick(page, { 'pears.jsonl': LOG, 'tokenizer.json': tinyTokenizerJson() });
  await page.getByText('2 rollouts · 1 task').waitFor();
  await keep(page, 'pears');
  await saving(page).waitFor({ state: 'detached' });
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('keyval-store');
        opening.addEventListener('error', () => reject(new Error('no store')));
        opening.addEventListener('success', () => {
          const change = opening.result.transaction('keyval', 'readwrite');
          change.objectStore('keyval').delete('espalier-tokenizers');
          change.addEventListener('complete', () => resolve());
        });
      }),
  );
  const second = await another(page);
  await kept(second, 'pears').click();
  await second.getByText('2 rollouts · 1 task').waitFor();
  await second.getByText('The session was saved with the tokenizer tokenizer.json: drop its tokenizer.json to have it again.').waitFor();
  expect(bench.errors).toEqual([]);
  await page.context().close();
});
