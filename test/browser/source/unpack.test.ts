/** Compressed files in Chromium: a session reads what a torn one still holds, from a Blob. */
import { expect, it } from 'vitest';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import type { DatasetFacts } from '../../../src/engine/answers/dataset.ts';
import { makeLocalPool } from '../../../src/engine/pool.ts';
import { makeSession, type Session } from '../../../src/engine/session.ts';
import { blobSource } from '../../../src/platform/browser/blob-source.ts';
import { directly } from '../../../src/platform/browser/elsewhere.ts';
import { openHandle } from '../../../src/platform/browser/input-file.ts';
import { unpack } from '../../../src/platform/browser/unpack.ts';
import { zstdFrame } from '../../helpers/zstdFrame.ts';

const line = (id: number): string =>
  `${JSON.stringify({
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: crypto.randomUUID().repeat(100) + id },
    ],
  })}\n`;
const log = new TextEncoder().encode(Array.from({ length: 20 }, (_, id) => line(id)).join(''));
const gzip = (): Promise<Uint8Array<ArrayBuffer>> =>
  new Response(new Blob([log]).stream().pipeThrough(new CompressionStream('gzip'))).bytes();

async function open(bytes: Uint8Array): Promise<{ session: Session; facts: DatasetFacts }> {
  const session = makeSession({ pool: makeLocalPool((handle) => openHandle(handle, directly)), unpack });
  const blob = new Blob([Uint8Array.from(bytes)]);
  const facts = await session.open(
    [{ path: 'log', source: blobSource('log', blob), handle: { blob } }],
    DEFAULT_OPEN_SETTINGS,
    () => undefined,
  );
  return { session, facts };
}

it.each([
  ['gzip', gzip],
  ['zstd', () => Promise.resolve(zstdFrame(log))],
])('opens %s whole, torn, and with garbage behind it', async (_, pack) => {
  const whole = await pack();
  expect((await open(whole)).facts.inputs[0]).toMatchObject({ records: 20, rollouts: 20, issueCount: 0 });

  const garbage = new Uint8Array(whole.length + 50).fill(120);
  garbage.set(whole);
  const behind = await open(garbage);
  expect(behind.facts.inputs[0]).toMatchObject({ records: 21, rollouts: 20, issueCount: 1 });
  expect(behind.session.issues(0, 9).issues).toMatchObject([{ code: 'damaged-archive', address: { start: log.length } }]);

  const torn = await open(whole.subarray(0, whole.length * 0.95));
  const rollouts = torn.facts.inputs[0]?.rollouts ?? 0;
  expect(rollouts).toBeGreaterThan(10);
  expect(rollouts).toBeLessThan(20);
  expect(torn.facts.inputs[0]).toMatchObject({ records: rollouts + 2, issueCount: 2 });
  expect(torn.session.issues(0, 9).issues.map(({ code }) => code)).toEqual(['damaged-archive', 'torn-line']);
});
