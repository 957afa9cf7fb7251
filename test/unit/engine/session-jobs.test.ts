/** Jobs of a session side by side: an export must not end an opening, nor the other way round. */
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { makeLocalPool } from '../../../src/engine/pool.ts';
import { makeSession } from '../../../src/engine/session.ts';
import { openHandle } from '../../../src/platform/node/open-handle.ts';
import { unpack } from '../../../src/platform/node/unpack.ts';
import { exportSpec, inputFile, memorySink } from '../../helpers/openSession.ts';

const line = (i: number): string =>
  JSON.stringify({
    id: `r${i}`,
    task_id: 't',
    messages: [
      { role: 'user', content: 'say' },
      { role: 'assistant', content: `word ${i}` },
    ],
  });

function latch(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

/** Exports while the second of two files has yet to be read. */
async function exportWhileOpening(cancelled: boolean) {
  const pool = makeLocalPool(openHandle);
  const reached = latch();
  const go = latch();
  let jobs = 0;
  const session = makeSession({
    pool: {
      ...pool,
      async parse(job, handle, onReply) {
        if (++jobs === 2) {
          reached.open();
          await go.opened;
        }
        await pool.parse(job, handle, onReply);
      },
    },
    unpack,
  });
  const files = ['a', 'b'].map((name, at) =>
    inputFile(`${name}.jsonl`, Array.from({ length: 20 }, (_, i) => line(20 * at + i)).join('\n')),
  );
  const opened = session.open(files, DEFAULT_OPEN_SETTINGS, () => undefined);
  await reached.opened;
  const { orderId } = session.order(DEFAULT_RULE);
  const spec = exportSpec('tokens');
  const written = session.export(orderId, { cut: 1, train: 1 }, spec, memorySink(), () => undefined);
  if (cancelled) session.cancel('export');
  const exported = await written.then(
    (list) => list.map(({ name }) => name),
    (error: Error) => error.name,
  );
  go.open();
  return { facts: await opened, exported };
}

it('opens all of a log while a part of it is exported', async () => {
  const { facts, exported } = await exportWhileOpening(false);
  expect(facts).toMatchObject({ rollouts: 40, complete: true });
  expect(exported).toContain('manifest.json');
});

it('cancels the export that it was asked to, and reads on', async () => {
  const { facts, exported } = await exportWhileOpening(true);
  expect(exported).toBe('AbortError');
  expect(facts).toMatchObject({ rollouts: 40, complete: true });
});
