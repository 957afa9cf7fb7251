/** The open dataset grows and shrinks through the worker's door; a file that grows crosses as its handle. */
import { afterAll, expect, it } from 'vitest';
import { DEFAULT_OPEN_SETTINGS } from '../../src/engine/answers/opening.ts';
import { spawnSession } from '../../workers/spawn.ts';

const session = spawnSession();
afterAll(() => session.dispose());

const quiet = () => undefined;
const line = (task: string, answer: string): string =>
  JSON.stringify({
    task_id: task,
    messages: [
      { role: 'user', content: 'Go on.' },
      { role: 'assistant', content: answer },
    ],
  });

it('appends, follows a stored file from look to look, and removes', async () => {
  await session.open([{ path: 'a.jsonl', blob: new Blob([line('one', 'yes')]) }], DEFAULT_OPEN_SETTINGS, quiet);
  expect(await session.append([{ path: 'b.jsonl', blob: new Blob([line('one', 'no')]) }], quiet)).toMatchObject({ rollouts: 2, tasks: 1 });

  const folder = await navigator.storage.getDirectory();
  const growing = await folder.getFileHandle('growing.jsonl', { create: true });
  const write = async (text: string): Promise<void> => {
    const stream = await growing.createWritable();
    await stream.write(text);
    await stream.close();
  };
  const [first, second] = [line('two', 'up'), line('two', 'down')];
  await write(`${first}\n${second.slice(0, 20)}`);
  const followed = await session.follow({ path: 'growing.jsonl', growing }, quiet);
  expect(followed).toEqual({ name: 'growing.jsonl', bytes: first.length + 1, held: 20, ended: null });
  expect(await session.facts()).toMatchObject({ rollouts: 3, issues: 0 });
  await write(`${first}\n${second}`);
  expect(await session.poll('growing.jsonl')).toMatchObject({ held: second.length });
  await session.unfollow('growing.jsonl');
  expect(await session.facts()).toMatchObject({ rollouts: 4, tasks: 2, issues: 0 });

  expect(await session.remove('a.jsonl')).toMatchObject({ rollouts: 3, tasks: 2 });
  await folder.removeEntry('growing.jsonl');
});
