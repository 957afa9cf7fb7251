/** What is chosen is named by key: it stays while a log is read on, and a link says where it meets another log. */
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import type { TreeShape } from '../../../src/engine/answers/drawing.ts';
import { ask } from '../../../src/app/queries/client.ts';
import { useChoices } from '../../../src/app/state/choices.ts';
import { drop, mountPage } from '../mount.ts';

const choices = () => useChoices.getState();
const shown = (text: string | RegExp, timeout = 60_000) =>
  vi.waitFor(() => expect(document.body.textContent).toMatch(text), { timeout, interval: 10 });
const shapeOf = (task: number): Promise<TreeShape> =>
  ask(async (session) => session.shape((await session.order(DEFAULT_RULE)).orderId, task, 'tokens'));
const notes = () => [...document.querySelectorAll('[role=note]')].map((note) => note.textContent);

function chatLine(question: string, answer: string, i: number): string {
  return JSON.stringify({
    id: `rollout ${i}`,
    task_id: question,
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
    reward: i % 2,
  });
}

/** The address is written a moment after the choices rest. */
const restAddress = () => new Promise((resolve) => setTimeout(resolve, 400));

const log = (name: string, lines: readonly string[]): File => new File([lines.join('\n')], name);

beforeAll(mountPage);

describe('a link', () => {
  const lines = [0, 1, 2, 3].map((i) => chatLine('How many pears?', `${['Three', 'Nine', 'Forty', 'None'][i]} of them.`, i));
  const whole = log('pears.jsonl', lines);
  let hash = '';

  beforeEach(async () => {
    choices().close();
    await restAddress();
    location.hash = '#';
    await restAddress();
  });

  it('carries keys and the fingerprint of the log it was made on', async () => {
    drop(whole);
    await shown('4 rollouts · 1 task');
    await shown('signal retained');
    const { keys, length } = await shapeOf(0);
    const leaf = (n: number): string => nodeKeyOf(keys, length - n);
    for (const n of [1, 2, 3, 4]) choices().protectByHand(leaf(n), { level: 'pin' });
    choices().select(nodeKeyOf(keys, 0));
    const { fingerprint } = await ask((session) => session.facts());
    await vi.waitFor(() => expect(location.hash).toContain(`node=${nodeKeyOf(keys, 0)}`));
    expect(location.hash).toContain(`${leaf(4)}:pin`);
    expect(location.hash).toContain(`data=${fingerprint}`);
    hash = location.hash;
  });

  it('says nothing on the same log, in whatever order its files come', async () => {
    drop(log('b.jsonl', lines.slice(2)), log('a.jsonl', lines.slice(0, 2)));
    await shown('signal retained');
    await restAddress();
    location.hash = hash;
    await vi.waitFor(() => expect(choices().pruning.present.rule.hand).toHaveLength(4));
    const { fingerprint } = await ask((session) => session.facts());
    expect(choices().madeOn).toBe(fingerprint);
    await vi.waitFor(() => expect(document.querySelector('[aria-label="Selected node"]')).not.toBeNull(), { timeout: 20_000 });
    expect(notes().join()).not.toContain('another log');
  });

  it('says on another log how many of the nodes that it marks are there, in a line that can be closed', async () => {
    drop(log('fewer.jsonl', [...lines.slice(0, 2), chatLine('How many plums?', 'Two.', 9)]));
    await shown('3 rollouts · 2 tasks');
    await restAddress();
    location.hash = hash;
    const { keys, length } = await shapeOf(0);
    const here = new Set(Array.from({ length }, (_, n) => nodeKeyOf(keys, n)));
    await vi.waitFor(() => expect(choices().pruning.present.rule.hand).toHaveLength(4));
    const marked = [choices().node, ...choices().pruning.present.rule.hand.map(({ key }) => key)];
    const found = marked.filter((key) => key !== null && here.has(key)).length;
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(5);
    await vi.waitFor(() => expect(notes()).toContainEqual(expect.stringContaining(`Made on another log: ${found} of 5 marked nodes`)));
    // Choices that name no node here are kept, and counted.
    const there = (find: () => Element | null | undefined): Promise<Element> =>
      vi.waitFor(() => {
        const found = find();
        if (!found) throw new Error('not drawn yet');
        return found;
      });
    await userEvent.click(await there(() => document.querySelector('[aria-label^="Protect events"]')));
    await shown(`4 nodes protected by hand, ${5 - found} of them not in this log`);
    await userEvent.keyboard('{Escape}');
    const isNote = (element: Element): boolean => element.textContent?.includes('another log');
    await userEvent.click(await there(() => [...document.querySelectorAll('[role=note]')].find(isNote)?.querySelector('button')));
    await vi.waitFor(() => expect(notes().join()).not.toContain('another log'));
    const { fingerprint } = await ask((session) => session.facts());
    await vi.waitFor(() => expect(location.hash).toContain(`data=${fingerprint}`));
  });

  it('of an older version, with row numbers, keeps its settings and marks nothing', async () => {
    drop(whole);
    await shown('4 rollouts · 1 task');
    await restAddress();
    location.hash = '#cut=0.25&train=1&task=0&node=3&action=1&hand=1:pin,2:favour:2';
    await vi.waitFor(() => expect(choices().pruning.present.budget).toEqual({ cut: 0.25, train: 1 }));
    await shown('32 → 8');
    expect(choices()).toMatchObject({ node: null, action: null, pruning: { present: { rule: { hand: [] } } } });
    await shown('How many pears?');
    expect(document.querySelector('[role=alert]')).toBeNull();
    expect(notes().join()).not.toContain('another log');
  });
});

describe('a log that is read on', () => {
  /** Distinct words, so that every line is tokenised: large enough for forests of a part of it. */
  function* answers(count: number): Generator<string> {
    let state = 7;
    const word = (): string => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state.toString(36);
    };
    for (let i = 0; i < count; i++) yield chatLine('What is it?', Array.from({ length: 120 }, word).join(' '), i);
  }

  it('keeps the selected, the focused and the protected node while its forest is frozen again', { timeout: 240_000 }, async () => {
    choices().close();
    await restAddress();
    location.hash = '#';
    await restAddress();
    drop(log('long.jsonl', [...answers(24_000)]));
    const part = async (): Promise<void> => {
      const { inputs, rollouts } = await ask((session) => session.facts());
      expect(inputs[0]?.name).toBe('long.jsonl');
      expect(rollouts).toBeGreaterThan(0);
    };
    await vi.waitFor(part, { timeout: 60_000, interval: 20 });
    const before = await shapeOf(0);
    const row = before.length - 1;
    const key = nodeKeyOf(before.keys, row);
    expect((await ask((session) => session.facts())).complete).toBe(false);
    choices().select(key);
    choices().protectByHand(key, { level: 'pin' });
    // Orders go with the forest that they are of: as the page does, it is asked for again where another came in between.
    const rollout = (): Promise<string> =>
      vi.waitFor(async () => {
        const { orderId } = await ask((session) => session.order(DEFAULT_RULE));
        const node = await ask((session) => session.node(orderId, { cut: 1, train: 1 }, key));
        return node!.through[0]!.rollout;
      });
    const chosen = await rollout();
    await vi.waitFor(() => expect(document.querySelector('[aria-label="Selected node"]')).not.toBeNull(), { timeout: 60_000 });
    // The key works once the drawn tree has the node; until then another forest may come in between.
    await vi.waitFor(
      async () => {
        await userEvent.keyboard('f');
        expect(document.body.textContent).toContain('subtree only');
      },
      { timeout: 60_000, interval: 250 },
    );
    await shown('24,000 rollouts · 1 task', 180_000);
    await vi.waitFor(async () => expect((await ask((session) => session.facts())).complete).toBe(true), { timeout: 60_000 });
    const after = await shapeOf(0);
    expect(nodeKeyOf(after.keys, row)).not.toBe(key);
    expect(choices().node).toBe(key);
    expect(choices().pruning.present.rule.hand).toEqual([{ key, protection: { level: 'pin' } }]);
    expect(await rollout()).toBe(chosen);
    await vi.waitFor(
      () => expect(document.querySelector('[aria-label="Trajectories through this node"] li')?.getAttribute('title')).toContain(chosen),
      { timeout: 60_000 },
    );
    const now = after.keys.findIndex((_, i) => i % 2 === 0 && nodeKeyOf(after.keys, i / 2) === key) / 2;
    await shown(`node ${(now + 1).toLocaleString('en')} of ${after.length.toLocaleString('en')}`, 60_000);
    await shown('subtree only');
  });
});
