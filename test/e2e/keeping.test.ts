/** Nothing is lost: what is dropped, pasted or removed while something is open, in the built page. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

let workbench: Workbench;
let folder: string;
let page: Page;

const chat = (question: string, answer: string, more: object = {}): string =>
  `${JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
    ...more,
  })}\n`;

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'espalier-keeping-'));
  workbench = await startWorkbench();
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  page = await workbench.open('', { asks: true, scoresByItself: false });
  await dropFiles(page, [
    file(
      'pears.jsonl',
      chat('How many pears?', 'One.', { id: 'p1', reward: 1 }) + chat('How many pears?', 'Two.', { id: 'p2', reward: 0 }),
    ),
  ]);
  await page.getByText('2 rollouts · 1 task').waitFor();
});
afterEach(async () => {
  await page.context().close();
  expect(workbench.errors).toEqual([]);
});

const dialog = () => page.getByRole('dialog', { name: 'Add to what is open, or replace it?' });
const plums = () => file('plums.jsonl', chat('How many plums?', 'Ten.', { reward: 1 }));

describe('a drop while something is open', () => {
  it('adds, and takes it back', async () => {
    await dropFiles(page, [plums()]);
    await dialog().getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('3 rollouts · 2 tasks').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('2 rollouts · 1 task').waitFor();
    await page.keyboard.press('Control+y');
    await page.getByText('3 rollouts · 2 tasks').waitFor();
  });

  it('replaces, and opens the former files again with their marks and selection', async () => {
    await page.getByText('signal retained').first().waitFor();
    await page.keyboard.press(']');
    await expect.poll(() => page.url(), { timeout: 10_000 }).toContain('node=');
    const selected = new URL(page.url()).hash;
    await dropFiles(page, [plums()]);
    await dialog().getByRole('button', { name: 'Replace' }).click();
    await page.getByText('1 rollout · 1 task').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('2 rollouts · 1 task').waitFor();
    await expect.poll(() => new URL(page.url()).hash, { timeout: 10_000 }).toBe(selected);
  });

  it('does neither on Escape', async () => {
    await dropFiles(page, [plums()]);
    await dialog().waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.getByText('2 rollouts · 1 task').waitFor();
  });

  it('does the same from now on where the person says so', async () => {
    await dropFiles(page, [plums()]);
    await dialog().getByLabel('Do the same from now on').check();
    await dialog().getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('3 rollouts · 2 tasks').waitFor();
    await dropFiles(page, [file('figs.jsonl', chat('How many figs?', 'Six.'))]);
    await page.getByText('4 rollouts · 3 tasks').waitFor();
    await page.keyboard.press('i');
    await page.getByRole('dialog', { name: 'Open dataset' }).getByText('ask', { exact: true }).click();
    await page.keyboard.press('Escape');
    await dropFiles(page, [file('nuts.jsonl', chat('How many nuts?', 'Six.'))]);
    await dialog().waitFor();
  });

  it('recognises a file that is open already', async () => {
    await dropFiles(page, [join(folder, 'pears.jsonl')]);
    await dialog().getByText('pears.jsonl is open already.').waitFor();
    expect(await dialog().getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
  });

  it.each([
    ['picture.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0), 'picture.png is a PNG image.'],
    ['table.csv', 'name,score\na,1\n', 'table.csv is CSV: convert it to JSONL if it is a log.'],
    ['log.jsonl', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n', 'log.jsonl is a Git LFS pointer: run `git lfs pull`'],
    ['empty.jsonl', '', 'empty.jsonl is empty.'],
    ['wide.jsonl', Uint8Array.of(0xff, 0xfe, 0x7b, 0), 'wide.jsonl is UTF-16 text: save it as UTF-8.'],
    ['log.7z', Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), 'log.7z is a 7z archive: unpack it'],
  ])('says what %s is, and leaves what is open as it is', async (name, content, sentence) => {
    await dropFiles(page, [file(name, content)]);
    await page.getByRole('alert').getByText(sentence).waitFor();
    await page.getByText('2 rollouts · 1 task').waitFor();
  });

  it('loses nothing to a stray paste', async () => {
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'Dear all, see below.');
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
    await page.getByRole('alert').getByText('pasted.jsonl is text that is not JSON').waitFor();
    await page.getByText('2 rollouts · 1 task').waitFor();
  });
});

describe('the files of the open dataset', () => {
  it('go one by one, and come back', async () => {
    await dropFiles(page, [plums()]);
    await dialog().getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('3 rollouts · 2 tasks').waitFor();
    await page.keyboard.press('i');
    await page.getByRole('button', { name: 'Remove pears.jsonl' }).click();
    await page.keyboard.press('Escape');
    await page.getByText('1 rollout · 1 task').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('3 rollouts · 2 tasks').waitFor();
  });

  it('come back after closing', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('close the dataset');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing leaves this tab').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('2 rollouts · 1 task').waitFor();
  });
});

describe('verdicts', () => {
  const preview = () => page.getByRole('dialog', { name: /^Attach the verdicts of/ });

  /** What the dataset panel says, once it does. */
  const seen = (words: RegExp) =>
    expect
      .poll(
        async () => {
          const panel = page.getByRole('dialog', { name: 'Open dataset' });
          if ((await panel.count()) === 0) await page.keyboard.press('i');
          const text = (await panel.count()) === 0 ? '' : await panel.textContent();
          await page.keyboard.press('Escape');
          return text;
        },
        { timeout: 20_000 },
      )
      .toMatch(words);

  it('are shown first, then attached as if the log had them, and taken back', async () => {
    await dropFiles(page, [file('judged.csv', 'id,reward,label\np1,0.25,late\nnobody,1,\n')]);
    await preview().waitFor();
    await expect.poll(() => preview().textContent()).toContain('about no rollout that is open1');
    await preview().getByRole('button', { name: 'Attach' }).click();
    await seen(/2 known, mean 0\.1[23]\d*, 0\.00 to 0\.25.*1 reward of your own.*1 note of your own/);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await seen(/2 known, mean 0\.50*, 0\.00 to 1\.00/);
  });
});

describe('notes and labels', () => {
  const hostile = '<img src=x onerror=alert(1)>';

  it('are written by a key, undone, and stay inert whatever they say', async () => {
    await page.keyboard.press('m');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id), { timeout: 10_000 }).toBe('note');
    await page.keyboard.type(`Why not three? ${hostile}`);
    await page.keyboard.press('Escape');
    await page.getByLabel('Add a label').fill(hostile);
    await page.keyboard.press('Enter');
    await page.getByText('<img-src=x-onerror=alert(1)>', { exact: true }).first().waitFor();
    expect(await page.getByLabel('Note', { exact: true }).inputValue()).toBe(`Why not three? ${hostile}`);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    await page.getByRole('main').click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: /^Take the label/ }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Note', { exact: true }).inputValue()).toBe(`Why not three? ${hostile}`);
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.getByLabel('Note', { exact: true }).inputValue()).toBe('');
  });
});

describe('a session', () => {
  const saved = async (): Promise<string> => {
    await page.keyboard.press('Control+s');
    const dialog = page.getByRole('dialog', { name: 'Save the session' });
    await dialog.getByLabel('Name').fill('<b>pears</b>');
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save as a file' }).click();
    const path = join(folder, 'saved.espalier.json');
    await (await downloading).saveAs(path);
    return path;
  };
  const handOver = () => page.getByRole('dialog', { name: 'Session <b>pears</b>: hand over its files' });
  const noted = async (): Promise<void> => {
    await page.keyboard.press('m');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id), { timeout: 10_000 }).toBe('note');
    await page.keyboard.type('Look again');
    await page.keyboard.press('Escape');
  };

  it('is saved, and opened on a fresh page with its files dropped', async () => {
    await noted();
    const path = await saved();
    await page.context().close();
    page = await workbench.open('', { asks: true, scoresByItself: false });
    await dropFiles(page, [path]);
    await handOver().waitFor();
    await dropFiles(page, [join(folder, 'pears.jsonl')]);
    await page.getByText('2 rollouts · 1 task').waitFor();
    await expect.poll(() => page.getByLabel('Note', { exact: true }).inputValue(), { timeout: 10_000 }).toBe('Look again');
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says which fingerprint does not match, and is refused where it was changed', async () => {
    const path = await saved();
    const other = file('pears.jsonl', chat('How many pears?', 'Nine.', { id: 'p1', reward: 1 }));
    await page.context().close();
    page = await workbench.open('', { asks: true, scoresByItself: false });
    await dropFiles(page, [path]);
    await handOver().waitFor();
    await dropFiles(page, [other]);
    await page.getByRole('alert').getByText('the fingerprint of pears.jsonl does not match').waitFor();
    await page.getByText('1 rollout · 1 task').waitFor();
    writeFileSync(path, readFileSync(path, 'utf8').replace('"filter": ""', '"filter": "a"'));
    await dropFiles(page, [path]);
    await page.getByRole('alert').getByText('it has been changed, or was cut off').waitFor();
  });
});
