/** The entropy panel measures both ways to node importance on a model's WebGPU device, and the order follows the choice. */
import { beforeAll, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { useScoringChoices } from '../../../src/app/state/scoring.ts';
import { drop, mountPage } from '../mount.ts';
import { droppedTiny } from '../score/tiny-lm.ts';

const LOG = ['It grew well.', 'It grew, and then it did not.', 'Nothing grew.']
  .map((answer, i) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: 'How did the pear grow?' },
        { role: 'assistant', content: answer },
      ],
      reward: i / 2,
    }),
  )
  .join('\n');

const wait = { timeout: 60_000, interval: 50 };
const section = (): Element | null => document.querySelector('[aria-label="Node importance"]');
const said = (text: RegExp) => vi.waitFor(() => expect(section()?.textContent).toMatch(text), wait);
const button = (name: string): HTMLButtonElement | undefined =>
  [...document.querySelectorAll('button')].find((each) => each.textContent === name);

beforeAll(async () => {
  await mountPage();
  useScoringChoices.getState().set({ startsByItself: false, executor: 'webgpu', model: await droppedTiny() });
  drop(new File([LOG], 'pears.jsonl'));
  await vi.waitFor(() => expect(document.querySelector('header')?.textContent).toMatch(/entropy none/), wait);
  await userEvent.keyboard('e');
});

it('cannot measure before a model is ready on webgpu, and then says what each way takes', async () => {
  await said(/by typed arrays/);
  await vi.waitFor(() => expect(button('Measure both')?.disabled).toBe(false), wait);
  expect(section()?.textContent).not.toContain('Needs a model');
  button('Measure both')?.click();
  await said(
    new RegExp(
      '\\d+ nodes: typed arrays [\\d.,]+ ms, graph on webgpu \\(.+\\) [\\d.,]+ ms; (typed arrays are|the graph is) faster\\. ' +
        'Scores differ by at most \\S+ \\(relative\\)\\.',
    ),
  );
});

it('makes the order on screen by the graph where that is chosen, and by typed arrays again', async () => {
  await userEvent.click(page.getByRole('radiogroup', { name: 'How node importance is computed' }).getByText('graph', { exact: true }));
  await said(/by graph on webgpu \(.+\)/);
  await userEvent.click(
    page.getByRole('radiogroup', { name: 'How node importance is computed' }).getByText('typed arrays', { exact: true }),
  );
  await said(/by typed arrays/);
});
