/**
 * The page computing missing entropy with the real workers and the bundled model on wasm: by itself, paused, cancelled,
 * saved, loaded, refused.
 */
import { beforeAll, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { prepare } from '../../../src/app/queries/scoring.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { useScoringChoices } from '../../../src/app/state/scoring.ts';
import { droppedTiny } from '../score/tiny-lm.ts';
import { drop, mountPage } from '../mount.ts';

/** Rollouts of one task, as chat JSONL without any entropy. */
function chatLog(name: string, rollouts: number, words: number): File {
  const lines = Array.from({ length: rollouts }, (_, i) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: name },
        { role: 'assistant', content: `Row ${i}: ${'one pear, two plums and a quince. '.repeat(words)}` },
      ],
      reward: i / 2,
    }),
  );
  return new File([`${lines.join('\n')}\n`], 'pears.jsonl');
}

const wait = { timeout: 60_000, interval: 20 };
const header = (): string => document.querySelector('header')?.textContent ?? '';
const panel = (): HTMLElement | null => document.querySelector('dialog[open]');
const chip = (text: string | RegExp) => vi.waitFor(() => expect(header()).toMatch(text), wait);
const said = (text: string | RegExp) => vi.waitFor(() => expect(panel()?.textContent).toMatch(text), wait);
const button = (name: string): HTMLButtonElement | undefined =>
  [...document.querySelectorAll('button')].find((each) => each.textContent === name);
const press = (name: string) =>
  vi.waitFor(() => {
    const found = button(name);
    expect(found?.disabled).toBe(false);
    found?.click();
  }, wait);
const coverage = (): string => /[\d,]+ of [\d,]+ sampled tokens/.exec(panel()?.textContent ?? '')?.[0] ?? '';

let saved: Blob | null = null;
const sent = Worker.prototype.postMessage;

beforeAll(async () => {
  useScoringChoices.getState().set({ executor: 'wasm', startsByItself: true });
  await mountPage();
});

it('scores a short log without entropy by itself, and labels what it finds', async () => {
  drop(chatLog('Count the pears', 3, 4));
  await chip(/entropy model: espalier-3m \(fp16, wasm\)100/);
  await vi.waitFor(() => expect(document.body.textContent).not.toContain('No entropy is known yet'), wait);
  await userEvent.keyboard('e');
  await said(/Done in \d+ s: [\d,]+ tokens forwarded, [\d,]+ tokens have a score/);
  await said('This run did');
  await said(/ready on wasm, \d threads?/);
  await said(/SHA-256 [0-9a-f]{12}…, tokenizer [0-9a-f]{12}… · ONNX Runtime, JSPI build/);
  await said('Your own model is better');
  // The run is over a moment before the page has asked for the last figures.
  await vi.waitFor(() => expect(coverage()).toMatch(/^([\d,]+) of \1 sampled tokens$/), wait);
  await userEvent.keyboard('{Escape}');
  const tree = document.querySelector('[role=application]');
  if (!(tree instanceof HTMLElement)) throw new Error('expected the tree');
  tree.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
  await vi.waitFor(
    () =>
      expect(document.querySelector('[aria-label="Selected node"]')?.textContent).toMatch(
        /entropy from model: espalier-3m \(fp16, wasm\), [\d,]+ of [\d,]+ sampled tokens/,
      ),
    wait,
  );
});

it('saves scores to a file', async () => {
  const address = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    saved = blob instanceof Blob ? blob : null;
    return 'data:,';
  });
  await userEvent.keyboard('e');
  await press('Save scores');
  await vi.waitFor(() => expect(saved?.size).toBeGreaterThan(100), wait);
  address.mockRestore();
  expect(await saved?.slice(0, 17).text()).toBe('espalier-scores-4');
});

it('restores saved scores that are dropped together with their log, without a model', async () => {
  useScoringChoices.getState().set({ startsByItself: false });
  drop(chatLog('Count the pears', 3, 4));
  await chip(/entropy none/);
  drop(new File([saved ?? ''], 'scores.bin'));
  await chip(/entropy model: espalier-3m \(fp16, wasm\)100/);
  await said(/Scores of espalier-3m restored: [\d,]+ of [\d,]+ tokens/);
});

it('refuses scores of another log, and says why', async () => {
  drop(chatLog('Count the plums', 2, 60), new File([saved ?? ''], 'scores.bin'));
  await said(/These scores were refused: .+/);
  await chip(/entropy none/);
});

it('estimates, pauses, resumes and cancels on a click, and keeps what is scored', async () => {
  await said('to forward');
  expect(panel()?.textContent).toMatch(/takes about/);
  await press('Start scoring');
  await press('Pause');
  await said('paused at');
  await chip('paused at');
  const { model } = useScoringChoices.getState();
  useScoringChoices.getState().set({ model: await droppedTiny() });
  await said(/espalier-3m is paused on wasm, \d threads?; tiny-lm can be read once this run is over/);
  useScoringChoices.getState().set({ model });
  await press('Resume');
  await vi.waitFor(() => expect(button('Pause')).toBeDefined(), wait);
  await press('Cancel');
  await said(/Cancelled after|Done in/);
  await vi.waitFor(() => expect(button('Cancel')).toBeUndefined(), wait);
  expect(panel()?.textContent).toMatch(/[\d,]+ tokens have a score/);
});

it('leaves a run when another log is opened, and scores that one', async () => {
  drop(chatLog('Count the medlars', 2, 80));
  // The log before may have no entropy either, where its run was cancelled early.
  await vi.waitFor(() => expect(document.querySelector('section[aria-label="Tasks"]')?.textContent).toContain('Count the medlars'), wait);
  await chip(/entropy none/);
  await userEvent.keyboard('e');
  await press('Start scoring');
  await vi.waitFor(() => expect(button('Pause')).toBeDefined(), wait);
  useScoringChoices.getState().set({ startsByItself: true });
  drop(chatLog('Count the figs', 2, 1));
  await chip(/entropy model: espalier-3m \(fp16, wasm\)100/);
  await userEvent.keyboard('e');
  await said('This run did');
  useScoringChoices.getState().set({ startsByItself: false });
});

it('leaves the tasks where they are while scores stream in, and sorts them at the end', async () => {
  const kinds = [
    'aa '.repeat(40),
    'The quince is heavier than it looks. ',
    '{"name": "weigh", "arguments": {"row": 3}} ',
    'zq xv 9 kj ',
    'one two three four five six ',
  ];
  const lines = Array.from({ length: 20 }, (_, i) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `Basket ${i >> 1}` },
        { role: 'assistant', content: `${i & 1} ${(kinds[(i >> 1) % kinds.length] ?? '').repeat(4 + (i >> 1))}` },
      ],
      reward: i & 1,
    }),
  );
  drop(new File([lines.join('\n')], 'baskets.jsonl'));
  await chip(/entropy none/);
  const rows = (): string =>
    [...document.querySelectorAll('section[aria-label="Tasks"] button[aria-current]')]
      .map((row) => /Basket \d/.exec(row.textContent ?? '')?.[0])
      .join();
  await vi.waitFor(() => expect(rows()).toMatch(/^(?:Basket \d,){7}/), wait);
  // Under the rule without a preset, what is kept of a task follows entropy.
  useChoices.getState().setRule(DEFAULT_RULE);
  useChoices.getState().setBudget({ cut: 0.4, train: 1 });
  await userEvent.keyboard('e');
  await press('Start scoring');
  await vi.waitFor(() => expect(button('Pause')).toBeDefined(), wait);
  const before = rows();
  const seen = new Set<string>();
  const coverages = new Set<string>();
  while (button('Pause') !== undefined) {
    seen.add(rows());
    coverages.add(coverage());
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
  }
  // Scores did come in meanwhile.
  expect(coverages.size).toBeGreaterThan(1);
  expect([...seen]).toEqual([before]);
  await vi.waitFor(() => expect(rows()).not.toBe(before), wait);
});

it('says in neutral words that a log of ids that nobody here knows cannot be scored', async () => {
  const foreign = JSON.stringify({
    _ng_task_index: 0,
    reward: 1,
    responses_create_params: { input: [{ role: 'user', content: 'Where is the ladder?' }] },
    response: {
      id: 'r',
      object: 'response',
      output: [
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'It leans on the pear tree.', annotations: [] }],
          prompt_token_ids: [7, 8, 9],
          generation_token_ids: [401, 17, 333, 90, 5],
          generation_log_probs: [-1, -1, -1, -1, -1],
        },
      ],
    },
  });
  drop(new File([foreign], 'foreign.jsonl'));
  await chip('foreign.jsonl');
  await userEvent.keyboard('e');
  await said(
    /The log holds token ids that neither o200k_base nor espalier-3m [0-9a-f]{8} made: open it with the tokenizer\.json that made them/,
  );
  await chip('not scorable');
  expect(document.querySelector('header [aria-label="with a problem"]')).toBeNull();
  expect(panel()?.querySelector('[role=alert]')).toBeNull();
  await userEvent.keyboard('{Escape}');
});

it('takes a dropped model folder, and tells what is wrong with one', async () => {
  const tiny = await droppedTiny();
  if (tiny.kind !== 'files') throw new Error('expected files');
  const files = tiny.files.map(({ path, blob }) => new File([blob as Blob], path));
  drop(...files.filter(({ name }) => name !== 'config.json'));
  await said(/The model cannot be used: .*expected config\.json in the model's folder/);
  expect(useChoices.getState().opening?.files[0]?.path).toBe('foreign.jsonl');
  drop(...files.map((file) => (file.name === 'model.onnx' ? new File(['not a model'], file.name) : file)));
  await said('The model cannot be used: dropped model: model.onnx: expected an ONNX graph, found 11 bytes that are not one');
  drop(...files);
  await said(/dropped model/);
  await said(/ready on wasm/);
});

it('reads a model once where it is asked for again meanwhile, as for another log', async () => {
  const asked: unknown[] = [];
  const post = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function postMessage(
    this: Worker,
    ...args: Parameters<Worker['postMessage']>
  ) {
    if (JSON.stringify((args[0] as { path?: unknown } | null)?.path ?? null) === '["score","load"]') asked.push(args[0]);
    sent.apply(this, args);
  } as Worker['postMessage']);
  drop(chatLog('Count the quinces', 3, 2));
  await chip(/pears\.jsonl.*3 rollouts/);
  useScoringChoices.getState().set({ model: await droppedTiny() });
  const first = prepare(1);
  await vi.waitFor(() => expect(asked.length).toBe(1), wait);
  expect(await prepare(1)).toMatchObject({ ok: true, source: { name: expect.stringContaining('tiny-lm') as string } });
  expect(await first).toBeNull();
  expect(asked.length).toBe(1);
  drop(chatLog('Count the sloes', 2, 2));
  await chip(/pears\.jsonl.*2 rollouts/);
  expect(await prepare(1)).toMatchObject({ ok: true });
  expect(asked.length).toBe(1);
  post.mockRestore();
});
