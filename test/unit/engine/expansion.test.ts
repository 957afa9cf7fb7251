/** Records whose branches share what they hold come to much more than their bytes; how much more is bounded. */
import { expect, it } from 'vitest';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';

const exact = (number: number): string => number.toLocaleString('en');

/** A chain of nodes with one token each, and trajectories that all end at its last one. */
function forestLine(nodes: number, trajectories: number): string {
  const each = <T>(value: T): T[] => Array.from({ length: nodes }, () => value);
  return JSON.stringify({
    espalier_forest: 1,
    task: 't',
    parent: Array.from({ length: nodes }, (_, n) => n - 1),
    flags: each(0),
    kinds: each(1),
    sampled_count: each(1),
    token_ids: each([7]),
    kind: each('text'),
    tool: each(null),
    trajectories: Array.from({ length: trajectories }, (_, i) => ({ rollout: `r${i}`, leaf: nodes - 1, sampled: [0, nodes] })),
  });
}

/** A chain of messages, and as many replies to its last one. */
function traceLine(chain: number, leaves: number): string {
  const node = (i: number, parent: number): object => ({
    message: { role: i % 2 === 0 ? 'user' : 'assistant', content: `${i}` },
    sampled: i % 2 === 1,
    ...(parent < 0 ? {} : { parent }),
  });
  return JSON.stringify({
    id: 'trace',
    rewards: {},
    nodes: [
      ...Array.from({ length: chain }, (_, i) => node(i, i - 1)),
      ...Array.from({ length: leaves }, (_, i) => node(2 * i + 1, chain - 1)),
    ],
  });
}

it.each([
  ['forest', forestLine(9000, 9000), forestLine(20, 9)],
  ['trace', traceLine(3000, 3000), traceLine(20, 9)],
])('refuses a %s that stands for far more than it holds, with the number', async (kind, large, small) => {
  const { session, facts } = await openSession([inputFile('log.jsonl', `${small}\n${large}\n${small}\n`)]);
  const { records, rollouts, issueCount } = facts.inputs[0]!;
  expect([records, issueCount]).toEqual([rollouts + 1, 1]);
  expect(rollouts).toBeGreaterThan(0);
  const [issue] = session.issues(0, 9).issues;
  expect(issue).toMatchObject({ line: 2, code: 'expansion' });
  if (kind === 'forest') expect(issue!.found).toBe(`${exact(9000 * 9000 * 20)} bytes`);
  else expect(issue!.found).toBe(exact(3000 * 3001));
});

it('says how much a trace comes to, and reads the record beside it', async ({ task }) => {
  const large = traceLine(3000, 3000);
  const { session, facts } = await openSession([inputFile('log.jsonl', `${traceLine(900, 900)}\n${large}\n`)]);
  expect(facts.inputs[0]).toMatchObject({ records: 2, rollouts: 1, issueCount: 1 });
  expect(facts.trajectories).toBe(900);
  const [issue] = session.issues(0, 1).issues;
  proven(task, {
    part: 'Bounds',
    fault: `A trace of ${exact(large.length)} bytes has ${exact(3000 * 3001)} messages over its branches`,
    happened: `an issue: expected ${issue!.expected}, found ${issue!.found}; the record beside it loads`,
  });
});
