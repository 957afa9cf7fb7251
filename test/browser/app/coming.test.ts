/** A file that came to a followed folder is never added to another log. */
import { beforeEach, expect, it } from 'vitest';
import { addComing } from '../../../src/app/queries/growing.ts';
import { useChoices } from '../../../src/app/state/choices.ts';

const file = (path: string) => ({ path, blob: new Blob([]) });
const origin = { kind: 'files', handles: [] } as const;
const opened = () => useChoices.getState().opening;

beforeEach(() => useChoices.getState().open([file('followed/a.jsonl')], origin));

it('is left out where another log is open by the time that its turn comes', async () => {
  const { id } = opened()!;
  const adding = addComing([file('followed/b.jsonl')], id);
  useChoices.getState().open([file('other.jsonl')], origin);
  expect(await adding).toEqual({ rollouts: 0, sentence: '' });
  expect(await addComing([file('followed/c.jsonl')], id)).toEqual({ rollouts: 0, sentence: '' });
  expect(opened()?.files.map(({ path }) => path)).toEqual(['other.jsonl']);
});
