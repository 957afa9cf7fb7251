/** The whole page with the real session worker: drop a log, walk by keys, prune, undo, and read the address. */
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import type { DatasetFacts } from '../../../src/engine/answers/dataset.ts';
import { ask, client } from '../../../src/app/queries/client.ts';
import { factsKey } from '../../../src/app/queries/opening.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { drop, mountPage } from '../mount.ts';

const TURNS = ['Let me look.', 'I know this one.', 'First the list.'];

/** Two tasks of three rollouts each, as chat JSONL; the second task's names try to be markup. */
function chatLog(): File {
  const lines: string[] = [];
  for (const name of ['Count the pears', '<img src=x onerror=alert(1)>']) {
    for (const [i, turn] of TURNS.entries()) {
      lines.push(
        JSON.stringify({
          messages: [
            { role: 'user', content: name },
            { role: 'assistant', content: `${turn} The answer is ${i}.` },
          ],
          reward: i / 2,
        }),
      );
    }
  }
  return new File([`${lines.join('\n')}\nnot json\n`], 'pears.jsonl');
}

const shown = (text: string | RegExp) => vi.waitFor(() => expect(document.body.textContent).toMatch(text), { timeout: 20_000 });
const choices = () => useChoices.getState();

beforeAll(async () => {
  await mountPage();
  drop(chatLog());
  await shown('6 rollouts · 2 tasks');
  await shown('signal retained');
});

afterEach(async () => {
  await userEvent.keyboard('{Escape}');
});

it('shows what was dropped, with the record that could not be used', async () => {
  await shown('1 record with issues');
  await userEvent.keyboard('p');
  await shown('1 record could not be used; 0 parts of used records were repaired or left out. 6 rollouts used.');
  await vi.waitFor(() => expect(document.querySelector('dialog tbody tr')?.textContent).toContain('pears.jsonl'));
});

it('follows an address that is pasted over its own, as one step that can be undone', async () => {
  const before = choices().pruning.present;
  const keys = (await ask(async (session) => session.shape((await session.order(DEFAULT_RULE)).orderId, 1, 'tokens'))).keys;
  const [, task] = (await ask((session) => session.tasks())).key;
  location.hash = `#cut=0.25&strategy=best-first&task=${encodeURIComponent(task!)}&node=${nodeKeyOf(keys, 1)}`;
  await vi.waitFor(() =>
    expect(choices()).toMatchObject({
      task,
      node: nodeKeyOf(keys, 1),
      pruning: { present: { budget: { cut: 0.25 }, rule: { strategy: 'best-first' } } },
    }),
  );
  await shown('25.0\u202f%');
  choices().undo();
  expect(choices().pruning.present).toEqual(before);
  choices().selectTask(null);
  await vi.waitFor(() => expect(location.hash).not.toContain('task='));
});

it('shows the tree and the beginning of its name in a low window, without the note', async () => {
  await page.viewport(910, 500);
  const tree = document.querySelector('[role=application]')!;
  await vi.waitFor(() => expect(tree.clientHeight).toBeGreaterThan(40));
  const path = document.querySelector('[aria-label="Path to the selected node"]')!;
  expect(path.scrollWidth).toBe(path.clientWidth);
  await page.viewport(1440, 900);
  await vi.waitFor(() => expect(document.querySelector('[role=note]')!.clientHeight).toBeGreaterThan(0));
});

it('shows that the search has the focus', async () => {
  await userEvent.keyboard('/');
  const box = document.querySelector('label:has(#search)')!;
  expect(getComputedStyle(box).outlineStyle).toBe('solid');
  await userEvent.keyboard('{Escape}');
  expect(getComputedStyle(box).outlineStyle).toBe('none');
});

it('scrolls the content of a dialog, and not the dialog with its title', async () => {
  await page.viewport(1440, 420);
  await userEvent.keyboard('e');
  await vi.waitFor(() => expect(document.querySelector('dialog [aria-label="Node importance"] input')).not.toBeNull());
  const dialog = document.querySelector('dialog')!;
  expect(dialog.querySelector('.overflow-auto')!.scrollHeight).toBeGreaterThan(dialog.clientHeight);
  expect(dialog.scrollHeight).toBe(dialog.clientHeight);
  await page.viewport(1440, 900);
});

it('shows hostile names as text', () => {
  expect(document.querySelector('img')).toBeNull();
  expect(document.body.textContent).toContain('<img src=x onerror=alert(1)>');
});

it('changes the arrangement by keys, but not while typing', async () => {
  await userEvent.keyboard('4');
  expect(choices().shape).toBe('rollouts');
  await userEvent.keyboard('/');
  await vi.waitFor(() => expect(document.activeElement?.id).toBe('search'));
  await userEvent.keyboard('1?j');
  expect(choices().shape).toBe('rollouts');
  expect(choices().panel).toBeNull();
  await vi.waitFor(() => expect(choices().filter).toBe('1?j'));
  await userEvent.keyboard('{Control>}a{/Control}{Delete}{Escape}1');
  await vi.waitFor(() => expect(choices().filter).toBe(''));
  expect(choices().shape).toBe('icicle');
});

it('walks through tasks and forks', async () => {
  await userEvent.keyboard('j');
  const first = choices().task;
  await userEvent.keyboard('k');
  expect(choices().task).not.toBe(first);
  await userEvent.keyboard(']]');
  await vi.waitFor(() => expect(choices().node).not.toBeNull());
  await shown(/Kept|Dropped/);
});

it('shows that the beginning of a long path is out of sight, and has the whole path at hand', async () => {
  const path = document.querySelector<HTMLElement>('[aria-label="Path to the selected node"]')!;
  const mark = (): string => path.previousElementSibling?.textContent ?? '';
  const steps = (): string[] => [...path.querySelectorAll('button')].map((step) => step.textContent ?? '');
  await userEvent.keyboard(']]');
  await vi.waitFor(() => expect(steps().length).toBeGreaterThan(2));
  expect(mark()).toBe('');
  path.style.maxWidth = '80px';
  await vi.waitFor(() => expect(mark()).toBe('…'));
  expect(path.getAttribute('title')).toBe(steps().join(' › '));
  path.scrollLeft = path.clientWidth - path.scrollWidth;
  await vi.waitFor(() => expect(mark()).toBe(''));
  path.style.maxWidth = '';
});

it('names the button of protection by what it shows', () => {
  expect(page.getByRole('button', { name: 'Protect events: tools ×2, memory ×2, final ×2' }).element().textContent).toContain(
    'tools ×2, memory ×2, final ×2',
  );
});

it('offers no colour for entropy where steps are merged by action, and has it again afterwards', async () => {
  const colours = (): string =>
    [...document.querySelectorAll<HTMLOptionElement>('[aria-label="Colour by"] option')]
      .map((option) => `${option.value}${option.selected ? '*' : ''}`)
      .join();
  choices().set({ colour: 'entropy', treeView: 'actions' });
  await vi.waitFor(() => expect(colours()).toBe('kind*,tokens,reach,reward'));
  choices().set({ treeView: 'tokens' });
  await vi.waitFor(() => expect(colours()).toMatch(/^kind,tokens,reach,entropy\*,/));
  choices().set({ colour: 'kind' });
});

it('inspects an action, goes on to what came next, and shows it in the token tree', async () => {
  choices().set({ treeView: 'actions' });
  const tree = document.querySelector('[role=application]');
  if (!(tree instanceof HTMLElement)) throw new Error('expected the tree');
  await shown(/\d+ steps? merged by action/);
  tree.focus();
  await userEvent.keyboard('{ArrowRight}');
  await vi.waitFor(() =>
    expect(document.querySelector('[aria-label="Selected action"]')?.textContent).toMatch(/did this1 \/ 3reward[\d.]+of the others[\d.]+/),
  );
  await shown(/nothing: 1 trajectory ends here/);
  await vi.waitFor(() => expect(location.hash).toContain('action='));
  const before = choices().node;
  await userEvent.click(page.getByRole('button', { name: 'Show in the token tree' }));
  expect(choices().treeView).toBe('tokens');
  expect(choices().node).not.toBe(before);
  await shown(/Kept|Dropped/);
});

it('prunes, undoes, redoes, and keeps the address in step', async () => {
  const field = page.getByLabelText(/^(cut|train) budget in percent/).first();
  await field.fill('50');
  await userEvent.keyboard('{Enter}');
  const target = choices().target ?? (choices().pruning.present.budget?.cut === 0.5 ? 'cut' : 'train');
  expect(choices().pruning.present.budget?.[target]).toBe(0.5);
  await vi.waitFor(() => expect(location.hash).toContain(`${target}=0.5`));
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  await userEvent.keyboard('{Control>}z{/Control}');
  expect(choices().pruning.present.budget?.[target]).not.toBe(0.5);
  await vi.waitFor(() => expect(location.hash).not.toContain(`${target}=0.5`));
  await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}');
  expect(choices().pruning.present.budget?.[target]).toBe(0.5);
});

it('lists the tasks of which the filter takes a rollout', async () => {
  await userEvent.keyboard('/task:*pears*');
  await vi.waitFor(() => expect(choices().filter).toBe('task:*pears*'));
  await shown('1 of 2');
  await userEvent.keyboard('{Control>}a{/Control}{Delete}{Escape}');
  await vi.waitFor(() => expect(choices().filter).toBe(''));
});

it('saves every node with its statistics', async () => {
  const saved = vi.spyOn(URL, 'createObjectURL');
  await userEvent.keyboard('{Control>}k{/Control}');
  await vi.waitFor(() => expect(document.querySelector('dialog[open]')).not.toBeNull());
  await userEvent.keyboard('node statistics{Enter}');
  await vi.waitFor(() => expect(saved).toHaveBeenCalled());
  const [blob] = saved.mock.calls[0] ?? [];
  const text = blob instanceof Blob ? await blob.text() : '';
  expect(text).toMatch(/^task,node,parent,depth,kind,tool,tokens,reach,entropy,/);
  const { nodes } = client.getQueryData<DatasetFacts>(factsKey(choices().opening?.id ?? 0))!;
  expect(nodes).toBeGreaterThan(8);
  expect(text.trimEnd().split('\r\n')).toHaveLength(nodes + 1);
  saved.mockRestore();
});

it('finds and runs an action in the palette', async () => {
  await userEvent.keyboard('{Control>}k{/Control}');
  await vi.waitFor(() => expect(document.querySelector('dialog[open]')).not.toBeNull());
  await userEvent.keyboard('colour ent{Enter}');
  expect(choices().colour).toBe('entropy');
  expect(document.querySelector('dialog[open]')).toBeNull();
});

it('opens its own forest export, and exports from it what it has', async () => {
  const written: Blob[] = [];
  const address = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `data:,${written.push(blob as Blob)}`);
  const download = (): HTMLButtonElement | undefined =>
    [...document.querySelectorAll('button')].find(({ textContent }) => /^Download \d files$/.test(textContent ?? ''));
  choices().set({ panel: 'export' });
  await vi.waitFor(() => expect(download()?.disabled).toBe(false));
  download()?.click();
  await vi.waitFor(() => expect(written.length).toBe(4), { timeout: 20_000 });
  const texts = await Promise.all(written.map((blob) => blob.text()));
  drop(new File([texts.find((text) => text.startsWith('{"espalier_forest"')) ?? ''], 'forest.jsonl'));
  await shown('ids of a forest export (read as o200k_base)');
  choices().set({ panel: 'export' });
  await shown(/tokens\.jsonl\d+ records?, the first/);
  expect(download()?.textContent).toBe('Download 3 files');
  expect(document.body.textContent).not.toContain('The preview failed');
  address.mockRestore();
});

it('says of an empty file that it holds no records', async () => {
  // While another log is open it would take nothing's place.
  choices().close();
  drop(new File(['\n'], 'empty.jsonl'));
  await shown('No record in these files could be used');
  await userEvent.keyboard('p');
  await shown('The files contain no records.');
  expect(document.body.textContent).not.toContain('every record was used');
});
