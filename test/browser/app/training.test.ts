/** The train target where it chooses single tokens: figures, the drawn tree and the text of a node say which carry loss. */
import { beforeAll, expect, it, vi } from 'vitest';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { ask } from '../../../src/app/queries/client.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { drop, mountPage } from '../mount.ts';

const answer = 'One pear, two pears, three pears and then a great many more of them than anybody would care to count.';
const record = (i: number): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: 'Count the pears' },
      { role: 'assistant', content: `${i}. ${answer}` },
    ],
  });

const choices = () => useChoices.getState();
const shown = (text: string | RegExp) => vi.waitFor(() => expect(document.body.textContent).toMatch(text), { timeout: 20_000 });

beforeAll(async () => {
  await mountPage();
  drop(new File([`${[1, 2, 3].map(record).join('\n')}\n`], 'pears.jsonl'));
  await shown('3 rollouts');
  await shown('signal retained');
}, 100_000);

it('marks the tokens that carry loss, and says their weight', async () => {
  const { present } = choices().pruning;
  location.hash = '#cut=1&train=0.4&trainBy=random&trainProtect=none';
  await shown('tokens with loss: random tokens');
  await shown(/not trained \d+(\.\d)?\s%/);
  expect(present.rule.train).not.toBe('random');
  const { orderId } = await ask((session) => session.order(choices().pruning.present.rule));
  const shares = await ask((session) => session.trainedShares(orderId, { cut: 1, train: 0.4 }, 0));
  const shape = await ask((session) => session.shape(orderId, 0, 'tokens'));
  const node = [...shares].findIndex((share) => share > 0 && share < 1);
  expect(node).toBeGreaterThanOrEqual(0);
  choices().select(nodeKeyOf(shape.keys, node));
  await shown(/\d+ of its \d+ sampled tokens carry loss, the budget reaches 0\.00\./);
  await vi.waitFor(() => expect(document.querySelectorAll('.token.carries-loss').length).toBeGreaterThan(0), { timeout: 20_000 });
  const marked = [...document.querySelectorAll('.token.carries-loss')];
  const all = [...document.querySelectorAll('.token')];
  expect(marked.length).toBe(Math.round((shares[node] ?? 0) * all.length));
  expect(marked.every((token) => /carries loss, weight 0\.333/.test(token.getAttribute('title') ?? ''))).toBe(true);
  expect(all.filter((token) => !marked.includes(token)).every((token) => token.getAttribute('title')?.endsWith('no loss'))).toBe(true);
});

it('says what the train budget left out', async () => {
  const { node } = choices();
  location.hash = `#cut=1&train=0&trainBy=random&trainProtect=none&node=${node}`;
  await shown('Not trained: no budget is left for single tokens.');
});

it('follows an address also where the page writes its own before it is told', async () => {
  const own = location.href;
  location.hash = '#cut=1&train=0.7&trainBy=random&trainProtect=none';
  history.replaceState(null, '', own);
  await vi.waitFor(() => expect(choices().pruning.present.budget).toMatchObject({ train: 0.7 }));
});
