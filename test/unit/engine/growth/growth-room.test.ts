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
import { sessionState } from '../../../helpers/sessionState.ts';
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
/** Room for the large log, and not for reading it beside itself. */
const TIGHT = 6.5e6;

const fileOf = (path: string, bytes: Uint8Array<ArrayBuffer>): InputFile => ({ path, source: bytesSource(path, bytes), handle: { bytes } });
const sessionWith = async (room: number, files = [fileOf('a.jsonl', SMALL)]): Promise<Session> => {
  const session = makeSession({ pool: makeLocalPool(openHandle), unpack, room });
  await session.open(files, DEFAULT_OPEN_SETTINGS, quiet);
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

it('what is open stays as it was where it would have to be read again and does not fit', { timeout: 60_000 }, async () => {
  const summary = { total_instances: 2, resolved_ids: ['x-1'], unresolved_ids: ['x-2'], error_ids: [], schema_version: 2 };
  const [log, side] = [fileOf('a.jsonl', LARGE), inputFile('b.json', JSON.stringify(summary))];
  const again = 'what is open would have to be read again, and there is no room for all of it; it stays as it was';
  const session = await sessionWith(TIGHT, [log]);
  const before = session.facts();
  expect(before).toMatchObject({ complete: true, issues: 0 });
  await expect(session.append([side], quiet)).rejects.toThrow(again);
  expect([session.facts(), issuesOf(session)]).toEqual([before, []]);
  const beside = await sessionWith(TIGHT, [log, side]);
  const both = beside.facts();
  expect(both.complete).toBe(true);
  await expect(beside.remove('b.json')).rejects.toThrow(again);
  expect(beside.facts()).toEqual(both);
});

it('is complete again once what did not fit is taken out', { timeout: 60_000 }, async () => {
  const files = [fileOf('a.jsonl', SMALL), fileOf('b.jsonl', LARGE)];
  const session = await sessionWith(3e6);
  const fresh = await sessionState(session);
  await session.append(files.slice(1), quiet);
  expect(session.facts().complete).toBe(false);
  await session.append([inputFile('c.jsonl', '')], quiet);
  expect(session.facts().complete).toBe(false);
  await session.remove('c.jsonl');
  await session.remove('b.jsonl');
  expect(await sessionState(session)).toEqual(fresh);
  await session.open(files, DEFAULT_OPEN_SETTINGS, quiet);
  expect(session.facts().complete).toBe(false);
  await session.remove('b.jsonl');
  expect(await sessionState(session)).toEqual(fresh);
});

it('is never complete where opening was stopped', { timeout: 60_000 }, async () => {
  const session = makeSession({ pool: makeLocalPool(openHandle), unpack, room: 3e6 });
  const opening = session.open([fileOf('a.jsonl', SMALL)], DEFAULT_OPEN_SETTINGS, () => session.cancel('opening'));
  await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
  await session.append([fileOf('b.jsonl', LARGE)], quiet);
  expect(issuesOf(session)).toEqual([expect.stringMatching(/^b\.jsonl no-room/)]);
  await session.remove('b.jsonl');
  expect(session.facts().complete).toBe(false);
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

it('of several files that grow, those of which all was read are followed on', { timeout: 60_000 }, async () => {
  const line = LARGE.indexOf(10, LARGE.indexOf(10) + 1) + 1;
  const grown = (path: string) => {
    const growing = { path, size: line, now: async () => fileOf(path, LARGE.slice(0, growing.size)) };
    return growing;
  };
  const packed = {
    path: 'c.zip',
    size: line,
    now: async () => inputFile('c.zip', zipFile([{ name: 'c.jsonl', content: LARGE.slice(0, packed.size) }])),
  };
  const [b, d] = [grown('b.jsonl'), grown('d.jsonl')];
  const session = await sessionWith(3e6);
  for (const each of [b, packed, d]) await session.follow(each, quiet);
  const ended = async (names = session.followed().map(({ name }) => name)) =>
    (await session.pollAll(names)).map((answer) => [answer.name, answer.ended]);
  const why = 'there is no room for more of it';
  const before = session.facts().rollouts;
  // Nothing is read where an archive would be read for less.
  b.size = LARGE.indexOf(10, line) + 1;
  packed.size = LARGE.length;
  expect(await ended()).toEqual([
    ['b.jsonl', null],
    ['c.zip', why],
    ['d.jsonl', null],
  ]);
  expect(session.facts().rollouts).toBe(before);
  d.size = LARGE.length;
  expect(await ended()).toEqual([
    ['b.jsonl', null],
    ['d.jsonl', why],
  ]);
  expect(session.followed().map(({ name, bytes }) => [name, bytes])).toEqual([['b.jsonl', b.size]]);
  expect(session.facts().rollouts).toBeGreaterThan(before + 1);
});

it('files that grow are told as not followed where there is no room for them', { timeout: 60_000 }, async () => {
  const follow = (file: InputFile): InputFile => ({ ...file, growing: { path: file.path, now: async () => file } });
  const call = (turns: number): string => {
    const said = Array.from({ length: 2 * turns }, (_, n) => ({ role: n % 2 ? 'assistant' : 'user', content: `say ${n}` }));
    return JSON.stringify({ messages: said.slice(0, -1), response: { choices: [{ message: said.at(-1) }] } });
  };
  const parts = [1, 2].map((turns) => follow(inputFile(`llm/m-170000000${turns}.json`, call(turns))));
  const large = follow(fileOf('b.jsonl', LARGE));
  const told = [
    ...parts.map(({ path }) => ({ path, why: 'it is a record only together with other files, which are read once', isPart: true })),
    { path: 'b.jsonl', why: 'there is no room for more of it' },
  ];
  const session = await sessionWith(3e6);
  await session.append([...parts, large], quiet);
  expect([session.followed(), session.unfollowed()]).toEqual([[], told]);
  await session.open([fileOf('a.jsonl', SMALL), ...parts, large], DEFAULT_OPEN_SETTINGS, quiet);
  expect([session.followed(), session.unfollowed()]).toEqual([[], told]);
  await session.remove('b.jsonl');
  expect(session.unfollowed()).toEqual(told.slice(0, 2));
});

it('a file that is open is told as not followed where there is no room for what it has become', { timeout: 60_000 }, async () => {
  const session = await sessionWith(3e6);
  const before = session.facts();
  const growing = { path: 'a.jsonl', content: LARGE, now: async () => fileOf('a.jsonl', growing.content) };
  const why = 'there is no room for more of it';
  for (const _ of [1, 2]) {
    expect(await session.followOpen('a.jsonl', growing)).toMatchObject({ ended: why });
    expect([session.followed(), session.unfollowed()]).toEqual([[], [{ path: 'a.jsonl', why }]]);
  }
  expect(session.facts()).toEqual(before);
  growing.content = SMALL;
  expect(await session.followOpen('a.jsonl', growing)).toMatchObject({ ended: null });
  expect([session.followed().length, session.unfollowed()]).toEqual([1, []]);
});

it('rows count with their texts', () => {
  const address = { unit: 'bytes', start: 0, size: 1, member: 0 } as const;
  const row = { id: 'ab', task: 'c', taskLabel: '', source: 0, line: 0, address, reward: null, advantage: null };
  const rows = [{ ...row, status: '', policy: '', startedAt: null, eventEnds: 'd'.repeat(1000), facts: 'ef' }];
  expect(rowBytes(rows)).toBe(650 + 1005);
  expect(rowBytes([...rows, ...rows])).toBe(2 * (650 + 1005));
});
