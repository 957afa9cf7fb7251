/** A container of several files, registered for the test: each member is an input of its own. */
import type { DatasetFacts } from '../../../src/engine/answers/dataset.ts';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { makeRandom } from '../../../src/core/prune/seeded.ts';
import type { Archive, Container, Inflated, Member } from '../../../src/engine/containers/container.ts';
import { CONTAINERS } from '../../../src/engine/containers/registry.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenProgress } from '../../../src/engine/answers/opening.ts';
import { makeLocalPool } from '../../../src/engine/pool.ts';
import { makeSession, type Session } from '../../../src/engine/session.ts';
import { openHandle } from '../../../src/platform/node/open-handle.ts';
import { unpack } from '../../../src/platform/node/unpack.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';
import { sessionState } from '../../helpers/sessionState.ts';

/** `shelf`, then for each member a line with its length and name, and its bytes in two pieces. A length may be too large. */
const shelf: Archive = {
  id: 'shelf',
  recognises: (head) => Buffer.from(head.subarray(0, 6)).toString() === 'shelf\n',
  async *members(source): AsyncGenerator<Member> {
    const all = Buffer.from(await source.read(0, source.byteLength));
    for (let at = 6; at < all.length;) {
      const end = all.indexOf('\n', at);
      const [, length, name] = /^(\d+) (.*)$/.exec(all.subarray(at, end < 0 ? all.length : end).toString()) ?? [];
      const start = end + 1;
      if (length === undefined || name === undefined) {
        yield { name: null, bytes: pieces(Buffer.alloc(0), at, `no member begins at byte ${at}`) };
        return;
      }
      at = start + Number(length);
      const fault = name.startsWith('bad') ? 'its checksum is another' : at > all.length ? `the file ends inside ${name}` : null;
      if (name.startsWith('lost')) yield { name, bytes: broken() };
      else yield { name, bytes: pieces(all.subarray(start, at), at, fault) };
    }
  },
};

async function* pieces(bytes: Buffer, read: number, fault: string | null): AsyncGenerator<Inflated> {
  const half = bytes.length >> 1;
  yield { bytes: Uint8Array.from(bytes.subarray(0, half)), read: read - half, fault: null };
  yield { bytes: Uint8Array.from(bytes.subarray(half)), read, fault };
}

async function* broken(): AsyncGenerator<Inflated> {
  yield* pieces(Buffer.from('{'), 1, null);
  throw new Error('a bad sector');
}

const pack = (...members: readonly (readonly [name: string, content: string | Uint8Array])[]): Buffer =>
  Buffer.concat([
    Buffer.from('shelf\n'),
    ...members.flatMap(([name, content]) => [Buffer.from(`${Buffer.byteLength(content)} ${name}\n`), Buffer.from(content)]),
  ]);
const log = (...answers: readonly string[]): string =>
  answers
    .map((answer) => {
      const messages = [
        { role: 'user', content: 'What happened to the ladder?' },
        { role: 'assistant', content: answer },
      ];
      return `${JSON.stringify({ task_id: 'ladder', messages })}\n`;
    })
    .join('');

const A = log('it went up', 'it went down');
const B = log('it fell');
const registered = CONTAINERS as Container[];
beforeAll(() => void registered.push(shelf));
afterAll(() => void registered.pop());

type Row = readonly [name: string, records: number, rollouts: number, issues: number];
const rows = (session: Session): Row[] =>
  session.facts().inputs.map(({ name, records, rollouts, issueCount }) => [name, records, rollouts, issueCount]);
const open = async (path: string, content: Uint8Array): Promise<Session> => (await openSession([inputFile(path, content)])).session;
const issues = (session: Session): string[] => session.issues(0, 99).issues.map(({ file, code, found }) => `${file}: ${code}, ${found}`);

/** A session's state without the names of the dropped files that its inputs come from. */
function withoutFiles(state: Record<string, unknown>): Record<string, unknown> {
  const facts = state['facts'] as DatasetFacts;
  return { ...state, facts: { ...facts, inputs: facts.inputs.map((input) => ({ ...input, file: '' })) } };
}

describe('a container of several files', () => {
  it('is opened as its members, in order, with what is no log among them', async () => {
    const session = await open('a.shelf', pack(['logs/a.jsonl', A], ['README', 'Read me.'], ['empty', ''], ['b.jsonl', B]));
    expect(rows(session)).toEqual([
      ['a.shelf/logs/a.jsonl', 2, 2, 0],
      ['a.shelf/README', 1, 0, 1],
      ['a.shelf/empty', 0, 0, 0],
      ['a.shelf/b.jsonl', 1, 1, 0],
    ]);
    expect(issues(session)).toEqual(['a.shelf/README: not-json, text that begins "Read me."']);
    expect(session.facts()).toMatchObject({ rollouts: 3, tasks: 1 });
    expect(session.facts().inputs.map(({ bytes }) => bytes)).toEqual([A.length, 8, 0, B.length]);
  });
  it('gives the forest that its members give as files', async () => {
    const packed = await openSession([inputFile('z.jsonl', B), inputFile('x', pack(['a', A], ['b', B]))]);
    const files = await openSession([inputFile('z.jsonl', B), inputFile('x/a', A), inputFile('x/b', B)]);
    const [state, expected] = [await sessionState(packed.session), await sessionState(files.session)];
    for (const { files: written } of [state, expected]) (written as Map<string, string>).delete('manifest.json');
    // What was dropped is one file here and two there.
    expect(withoutFiles(state)).toEqual(withoutFiles(expected));
  });
  it('loses one damaged member, and of it no more than it must', async () => {
    const session = await open('a.shelf', pack(['bad.jsonl', A], ['lost', B], ['bad', ''], ['b.jsonl', B]));
    expect(rows(session)).toEqual([
      ['a.shelf/bad.jsonl', 3, 2, 1],
      ['a.shelf/lost', 1, 0, 1],
      ['a.shelf/bad', 1, 0, 1],
      ['a.shelf/b.jsonl', 1, 1, 0],
    ]);
    expect(issues(session)).toEqual([
      `a.shelf/bad.jsonl: damaged-archive, its checksum is another; ${A.length} bytes were unpacked`,
      'a.shelf/lost: damaged-archive, a bad sector',
      'a.shelf/bad: damaged-archive, its checksum is another',
    ]);
  });
  it('tells damage of its own at its own name, after what was found before', async () => {
    const session = await open('a.shelf', Buffer.concat([pack(['a.jsonl', A]), Buffer.from('xyz')]));
    expect(rows(session)).toEqual([
      ['a.shelf/a.jsonl', 2, 2, 0],
      ['a.shelf', 1, 0, 1],
    ]);
    expect(issues(session)).toEqual([expect.stringContaining('a.shelf: damaged-archive, no member begins at byte')]);
  });
  it('is an input without records where it is empty', async () => {
    expect(rows(await open('a.shelf', pack()))).toEqual([['a.shelf', 0, 0, 0]]);
  });
  it('names no two members alike, and none outside of itself', async () => {
    const content = pack(['a', A], ['a', B], ['/../a', B], ['..', B], ['x'.repeat(300), B], ['b', B]);
    const { session } = await openSession([inputFile('s', content), inputFile('s', content), inputFile('s/b', A)]);
    const long = 'x'.repeat(300);
    const members = (file: string): string[] => ['a', 'a (2)', 'a (3)'].map((name) => `${file}/${name}`);
    expect(rows(session).map(([name]) => name)).toEqual([
      ...members('s'),
      's',
      `s/${long}`,
      's/b (2)',
      ...members('s (2)'),
      's (2)',
      `s (2)/${long}`,
      's (2)/b',
      's/b',
    ]);
    expect(session.facts().rollouts).toBe(2 * (2 + 5) + 2);
  });
});

describe('a container in a container', () => {
  it('is unpacked, and what would be a third archive or is packed a third time is not', async () => {
    const inner = pack(['a.jsonl', A], ['b.jsonl.gz', gzipSync(B)], ['c.gz', gzipSync(gzipSync(B))], ['d.shelf', pack(['e', pack()])]);
    expect(rows(await open('a.shelf.gz', gzipSync(inner)))).toEqual([
      ['a.shelf.gz/a.jsonl', 2, 2, 0],
      ['a.shelf.gz/b.jsonl.gz', 1, 1, 0],
      ['a.shelf.gz/c.gz', 1, 0, 1],
      ['a.shelf.gz/d.shelf/e', 1, 0, 1],
    ]);
    const session = await open('a.shelf', inner);
    expect(rows(session)).toEqual([
      ['a.shelf/a.jsonl', 2, 2, 0],
      ['a.shelf/b.jsonl.gz', 1, 1, 0],
      ['a.shelf/c.gz', 1, 1, 0],
      ['a.shelf/d.shelf/e', 1, 0, 1],
    ]);
    const deep = await open('a', gzipSync(gzipSync(gzipSync(B))));
    expect(issues(deep)).toEqual(['a: container, gzip in two others']);
    expect(rows(deep)).toEqual([['a', 1, 0, 1]]);
    expect(rows(await open('a', gzipSync(gzipSync(B))))).toEqual([['a', 1, 1, 0]]);
  });
  it('that is torn is one issue, at the last member that it gives', async () => {
    const random = makeRandom(1);
    const noise = (): string => Array.from({ length: 60_000 }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('');
    const packed = gzipSync(pack(['a.jsonl', A], ['b.jsonl', log(noise(), noise())], ['c.jsonl', log(noise())]));
    const session = await open('a.shelf.gz', packed.subarray(0, packed.length * 0.6));
    const [first, second] = rows(session);
    expect(first).toEqual(['a.shelf.gz/a.jsonl', 2, 2, 0]);
    expect(second?.[0]).toBe('a.shelf.gz/b.jsonl');
    expect(issues(session).filter((issue) => issue.includes('damaged-archive'))).toEqual([
      expect.stringContaining('a.shelf.gz/b.jsonl: damaged-archive, the file ends at byte'),
    ]);
    for (const [, records, rollouts, found] of rows(session)) expect(records).toBe(rollouts + found);
    expect(rows(await open('a.gz', packed.subarray(0, 12)))).toEqual([['a.gz', 1, 0, 1]]);
  });
});

it('tells how far reading is: never beyond the whole, all of it at the end', async () => {
  const session = makeSession({ pool: makeLocalPool(openHandle), unpack });
  const seen: OpenProgress[] = [];
  const content = pack(['a', A.repeat(50)], ['b', 'no log'], ['bad', ''], ['c', A]);
  const files = [inputFile('a.shelf', content), inputFile('b.jsonl', A), inputFile('c.gz', gzipSync(content))];
  await session.open(files, DEFAULT_OPEN_SETTINGS, (progress) => void seen.push(progress));
  for (const { bytes, totalBytes } of seen) expect(bytes).toBeLessThanOrEqual(totalBytes);
  const { bytes, totalBytes, records } = seen.at(-1)!;
  expect(bytes).toBe(totalBytes);
  expect(bytes).toBe(2 * (51 * A.length + 6) + A.length);
  expect(records).toBe(session.facts().inputs.reduce((sum, input) => sum + input.records, 0));
});

describe('what is open grows and shrinks by containers', () => {
  const S = inputFile('s', pack(['a', A], ['b', B]));
  const T = inputFile('s', pack(['c', B], ['a', A]));
  const Z = inputFile('z', log('nothing'));
  const same = async (session: Session, files: Parameters<Session['open']>[0]): Promise<void> =>
    expect(await sessionState(session)).toEqual(await sessionState((await openSession(files)).session));

  it('as if it had been opened at once', async () => {
    const { session } = await openSession([S, Z]);
    await session.append([T, S], () => undefined);
    await same(session, [S, Z, T, S]);
    // By the name of the file all members, here of T, the first of that name; those that come after take its name.
    await session.remove('s');
    await same(session, [Z, S, S]);
    expect(rows(session).map(([name]) => name)).toEqual(['s/a', 's/b', 's (2)/a', 's (2)/b', 'z']);
    await session.remove('z');
    await same(session, [S, S]);
  });
  it('by the name of a member that one only', async () => {
    const { session } = await openSession([S, Z, S]);
    await session.remove('s/a');
    expect(rows(session).map(([name]) => name)).toEqual(['s/b', 's (2)/a', 's (2)/b', 'z']);
    expect(session.facts().rollouts).toBe(1 + 1 + 3);
    // What is left of it still goes as one, and what is read anew is not what was taken out.
    await session.remove('s (2)/b');
    await session.remove('s');
    expect(rows(session)).toEqual([
      ['s/a', 2, 2, 0],
      ['z', 1, 1, 0],
    ]);
    await expect(session.remove('s/b')).rejects.toThrow('s/b is not open');
  });
  it('and a followed one gives its members anew each time', async () => {
    let content = pack(['a', A]);
    const growing = { path: 's', now: async () => inputFile('s', content) };
    const { session } = await openSession([]);
    expect(await session.follow(growing, () => undefined)).toMatchObject({ name: 's', ended: null });
    await session.append([Z], () => undefined);
    content = pack(['a', A], ['b', B], ['c', log('it stood')]);
    expect(await session.poll('s')).toMatchObject({ name: 's', bytes: content.length });
    await same(session, [inputFile('s', content), Z]);
    content = pack(['a', A], ['b', B], ['c', log('it stood')], ['d', B]);
    await session.unfollow('s');
    await same(session, [inputFile('s', content), Z]);
  });
});

it('names the file whose hash it gives in a manifest, where that is not the input', async () => {
  const content = pack(['a', A], ['b', B]);
  const { session } = await openSession([inputFile('s', content), inputFile('z.gz', gzipSync(B))]);
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec(), sink, () => undefined);
  const { inputs } = JSON.parse(sink.files.get('manifest.json') ?? '') as { inputs: Record<string, unknown>[] };
  expect(inputs).toMatchObject([
    { name: 's/a', file: 's', bytes: content.length, rollouts: 2 },
    { name: 's/b', file: 's', bytes: content.length, rollouts: 1 },
    { name: 'z.gz', bytes: gzipSync(B).length, rollouts: 1 },
  ]);
  expect(inputs[0]?.['sha256']).toBe(inputs[1]?.['sha256']);
  expect(Object.keys(inputs[2] ?? {})).not.toContain('file');
});
