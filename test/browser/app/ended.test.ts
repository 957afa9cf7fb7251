/** What is said of a file of which nothing more is read: for as long as it is open. */
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { useChoices } from '../../../src/app/state/choices.ts';
import { forgetGone, useFollowing } from '../../../src/app/state/following.ts';

const [a, b] = ['a.jsonl', 'b.jsonl'].map((path) => ({ path, blob: new Blob([]) }));
const origin = { kind: 'files', handles: [] } as const;
const told = () => useFollowing.getState().ended.map(({ name }) => name);
const why = 'it became shorter';

beforeAll(forgetGone);
beforeEach(() => {
  useChoices.getState().open([a!, b!], origin);
  useFollowing.getState().set({
    ended: [
      { name: 'a.jsonl', why, file: a! },
      { name: 'b.jsonl', why, file: b! },
      { name: 'late.json', why },
    ],
  });
});

it('goes with the file, and stays of the others and of those that came later', () => {
  const { regroup, opening } = useChoices.getState();
  regroup({ ...opening!, files: [b!] });
  expect(told()).toEqual(['b.jsonl', 'late.json']);
});

it('stays where files come', () => {
  const { arrive, opening } = useChoices.getState();
  arrive({ ...opening!, files: [a!, b!, { path: 'c.jsonl', blob: new Blob([]) }] });
  expect(told()).toEqual(['a.jsonl', 'b.jsonl', 'late.json']);
});
