/** The trajectories through a node: every one has its strip, also those that are not in view at first. */
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { NodeThrough } from '../../../src/app/views/node/node-through.tsx';
import type { NodeAnswer, NodeTrajectory } from '../../../src/engine/answers/looking.ts';

const RUNS = 3;

/** What of a node its trajectories are drawn from. */
function node(key: string, trajectories: number): NodeAnswer {
  const through = Array.from({ length: trajectories }, (_, trajectory) => ({
    ...({} as NodeTrajectory),
    trajectory,
    rollout: `${key}${trajectory}`,
    file: 'a.jsonl',
    line: 1,
    branch: 0,
    tokens: 9,
    reward: 1,
    advantage: 0,
    runKind: new Uint8Array(RUNS),
    runKept: new Uint8Array(RUNS),
    runTokens: new Int32Array(RUNS).fill(3),
  }));
  return { ...({} as NodeAnswer), key, trajectories, through, throughTotal: trajectories, figures: {} };
}

it('has a strip in every row, of one node and of the next', async () => {
  const host = document.body.appendChild(document.createElement('div'));
  const root = createRoot(host);
  for (const [key, count] of [
    ['a', 64],
    ['b', 50],
    ['c', 2],
  ] as const) {
    root.render(<NodeThrough node={node(key, count)} />);
    await vi.waitFor(() => {
      const rows = [...host.querySelectorAll('li')];
      expect(rows.map(({ title }) => title.split('\n')[0])).toEqual(Array.from({ length: count }, (_, i) => `${key}${i}`));
      expect(rows.map((row) => row.querySelectorAll('i').length)).toEqual(rows.map(() => RUNS));
    });
  }
  root.unmount();
  host.remove();
});

it('keeps the strips of every row when the same node is answered about again', async () => {
  const host = document.body.appendChild(document.createElement('div'));
  const root = createRoot(host);
  const strips = () => [...host.querySelectorAll('li')].map((row) => row.querySelectorAll('i').length);
  const all = Array.from({ length: 40 }, () => RUNS);
  root.render(<NodeThrough node={node('a', 40)} />);
  await vi.waitFor(() => expect(strips()).toEqual(all));
  flushSync(() => root.render(<NodeThrough node={node('a', 40)} />));
  expect(strips()).toEqual(all);
  root.unmount();
  host.remove();
});
