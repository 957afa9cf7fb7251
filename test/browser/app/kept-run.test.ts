/** Tabs that score one log: a lock of the browser, held here as another tab would hold it. */
import { beforeEach, expect, it } from 'vitest';
import { forgetRun, makeKeeper, takeKeptRun } from '../../../src/app/queries/kept-run.ts';

const SETTINGS = { scope: 'missing', sketch: false } as const;

let data: string;
beforeEach(() => {
  data = `log-${crypto.randomUUID()}`;
});

/** Another tab's run of the log. @returns ends it */
async function elsewhere(): Promise<() => void> {
  return new Promise((resolve) => {
    void navigator.locks.request(`espalier-run-${data}`, () => new Promise<void>((end) => resolve(end)));
  });
}

const seconds = (count: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1000 * count));

/** A run that has these bytes to keep, asked for often enough that they are. */
async function run(bytes: number[]) {
  const heard: boolean[] = [];
  const keeper = makeKeeper(
    data,
    SETTINGS,
    () => Promise.resolve(Uint8Array.from(bytes)),
    (isElsewhere) => heard.push(isElsewhere),
  );
  await seconds(1.1);
  keeper.tick();
  return { keeper, heard };
}

async function kept(): Promise<number[] | null> {
  const found = await takeKeptRun(data);
  return found && [...new Uint8Array(await found.scores.arrayBuffer())];
}

it('keeps a run, which the next tab takes, and forgets one that is over', async () => {
  const first = await run([1]);
  await first.keeper.end(false);
  expect(await kept()).toEqual([1]);
  const second = await run([2]);
  await second.keeper.end(true);
  expect(await kept()).toBeNull();
  expect([...first.heard, ...second.heard]).toEqual([]);
});

it('leaves the run of another tab alone, says so, and keeps its own once that is done', async () => {
  const first = await run([1]);
  await first.keeper.end(false);
  const done = await elsewhere();
  expect(await kept()).toBeNull();
  const { keeper, heard } = await run([2]);
  expect(heard).toEqual([true]);
  await forgetRun(data);
  done();
  await expect.poll(kept).toEqual([1]);
  await seconds(1.1);
  keeper.tick();
  await keeper.end(false);
  expect(await kept()).toEqual([2]);
  expect(heard).toEqual([true, false]);
  await forgetRun(data);
  expect(await kept()).toBeNull();
});

it('is over in one tab without forgetting what another keeps', async () => {
  const first = await run([1]);
  await first.keeper.end(false);
  const done = await elsewhere();
  const second = await run([2]);
  await second.keeper.end(true);
  done();
  await expect.poll(kept).toEqual([1]);
  await forgetRun(data);
});
