import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bytesSource } from '../../../../src/core/source/bytes-source.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import { rowBytes } from '../../../../src/engine/forest-room.ts';
import type { InputFile, GrowingSource } from '../../../../src/engine/input-file.ts';
import { makeLocalPool } from '../../../../src/engine/pool.ts';
import { makeSession, type Session } from '../../../../src/engine/session.ts';
import { openHandle } from '../../../../src/platform/node/open-handle.ts';
import { unpack } from '../../../../src/platform/node/unpack.ts';
import { writeTokenLog } from '../../../bench/data/token-log.ts';
import { inputFile } from '../../../helpers/openSession.ts';
import { zipFile } from '../../../helpers/zipFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const quiet = (): undefined => undefined;

function log(bytes: number, seed: number): Uint8Array<ArrayBuffer> {
  const path = join(folder, `${seed}.jsonl`);
  writeTokenLog(path, bytes, seed);
  return Uint8Array.from(readFileSync(path));
}
const SMALL = log(1e6, 1);
const LARGE = log(14e6, 2);

const fileOf = (path: string, bytes: Uint8Array<ArrayBuffer>): InputFile => ({ path, source: bytesSource(path, bytes), handle: { bytes } });
const sessionWith = async (room: number): Promise<Session> => {
  const session = makeSession({ pool: makeLocalPool(openHandle), unpack, room });
  await session.open([fileOf('a.jsonl', SMALL)], DEFAULT_OPEN_SETTINGS, quiet);
  return session;
};
const issuesOf = (session: Session): string[] =>
  session.issues(0, 10).issues.map(({ file, code, expected, found }) => `${file} ${code} ${expected} ${found}`);

it('append reads what there is room for beside what is open, and says what it left', { timeout: 60_000 }, async () => {
  const session = await sessionWith(3e6);
  const { rollouts: before, complete } = session.facts();
  expect(complete).toBe(true);
  const said = new Set<string>();
  await session.append([fileOf('b.jsonl', LARGE)], ({ outlook }) => outlook && said.add(outlook));
  expect([...said].join('\n')).toMatch(
    /all of it, with what was open before, would take about [\d.]+ MB of memory, and there is room for 3 MB/,
  );
  const facts = session.facts();
  expect(facts.complete).toBe(false);
  expect(facts.rollouts).toBeGreaterThan(before);
  for (const { records, rollouts, issueCount } of facts.inputs) expect(records).toBe(rollouts + issueCount);
  expect(issuesOf(session)).toEqual([
    expect.stringMatching(
      /^b\.jsonl no-room .* at most 3 MB .* MB with what was open before, and all of it, with .* MB of this file are not read\./,
    ),
  ]);
  // With room it is all there.
  const roomy = await sessionWith(1e9);
  await roomy.append([fileOf('b.jsonl', LARGE)], quiet);
  expect(roomy.facts().complete).toBe(true);
  expect(roomy.facts().rollouts).toBeGreaterThan(facts.rollouts);
  expect(issuesOf(roomy)).toEqual([]);
});

it('a file that grows is followed as long as there is room for it', { timeout: 60_000 }, async () => {
  const session = await sessionWith(3e6);
  const growing: GrowingSource & { size: number } = {
    path: 'g.jsonl',
    size: LARGE.indexOf(10, LARGE.indexOf(10) + 1) + 1,
    now: async () => fileOf('g.jsonl', LARGE.slice(0, growing.size)),
  };
  const first = await session.follow(growing, quiet);
  expect(first).toMatchObject({ name: 'g.jsonl', ended: null });
  growing.size = LARGE.length;
  expect(await session.poll('g.jsonl')).toMatchObject({ ended: 'there is no room for more of it' });
  expect(session.followed()).toEqual([]);
  expect(issuesOf(session)).toEqual([expect.stringMatching(/^g\.jsonl no-room .* of this file are not read/)]);
  const { inputs } = session.facts();
  for (const { records, rollouts, issueCount } of inputs) expect(records).toBe(rollouts + issueCount);
});

it('what was read of an archive stays where there is no room for what it has become', { timeout: 60_000 }, async () => {
  const session = await sessionWith(3e6);
  const growing: GrowingSource & { content: Uint8Array<ArrayBuffer> } = {
    path: 'g.zip',
    content: SMALL,
    now: async () => inputFile('g.zip', zipFile([{ name: 'g.jsonl', content: growing.content }])),
  };
  const { name } = await session.follow(growing, quiet);
  const before = session.facts();
  growing.content = LARGE;
  expect(await session.poll(name)).toMatchObject({ ended: 'there is no room for more of it' });
  expect(session.facts()).toEqual(before);
  expect(issuesOf(session)).toEqual([]);
  expect(session.followed()).toEqual([]);
});

it('rows count with their texts', () => {
  const address = { unit: 'bytes', start: 0, size: 1, member: 0 } as const;
  const row = { id: 'ab', task: 'c', taskLabel: '', source: 0, line: 0, address, reward: null, advantage: null };
  const rows = [{ ...row, status: '', policy: '', startedAt: null, eventEnds: 'd'.repeat(1000), facts: 'ef' }];
  expect(rowBytes(rows)).toBe(650 + 1005);
  expect(rowBytes([...rows, ...rows])).toBe(2 * (650 + 1005));
});
