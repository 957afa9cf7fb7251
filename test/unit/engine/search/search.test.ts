/** Filters over a session: texts are looked through once, what is found has its places, and what cannot be is said. */
import { expect, it } from 'vitest';
import { bytesAt } from '../../../../src/core/model/address.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { RolloutEvent } from '../../../../src/core/model/rollout.ts';
import { makeFinding } from '../../../../src/engine/search/look.ts';
import type { SearchProgress, Taken } from '../../../../src/engine/answers/searching.ts';
import { MAX_SEARCH_SECONDS } from '../../../../src/base/bounds.ts';
import { makeRetries, SearchStuck } from '../../../../src/engine/retries.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const call = { id: 'c1', type: 'function', function: { name: 'bash', arguments: '{"command":"curl example.org"}' } };
const RECORDS = [
  {
    id: 'a',
    task_id: 'net',
    reward: 0,
    messages: [
      { role: 'user', content: 'Fetch the page.' },
      { role: 'assistant', content: 'I will try.', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'curl: (7) Connection refused. connection REFUSED!' },
      { role: 'assistant', content: 'It was refused.' },
    ],
  },
  {
    id: 'b',
    task_id: 'refused-leave',
    reward: 1,
    messages: [
      { role: 'user', content: 'Say "hi" \u2028 <script>alert(1)</script>' },
      { role: 'assistant', content: 'Hi 😀!' },
    ],
  },
];
const LOG = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('');

const quiet = (): void => undefined;

async function taken(text: string): Promise<Taken> {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const answer = await session.where(text, null, quiet);
  if (!answer.ok) throw new Error(answer.fault);
  return answer;
}

it('counts places in messages, calls and results, in any case where the words have no capital', async () => {
  expect(await taken('"connection refused"')).toMatchObject({ count: 1, hits: Int32Array.of(2, 0) });
  expect((await taken('"Connection refused"')).hits).toEqual(Int32Array.of(1, 0));
  expect((await taken('curl')).hits).toEqual(Int32Array.of(2, 0));
  expect((await taken('/\\bHi\\b/')).hits).toEqual(Int32Array.of(0, 1));
  expect((await taken('bash')).hits).toEqual(Int32Array.of(1, 0));
});

it('joins texts with columns, and finds words in names of tasks too', async () => {
  expect([...(await taken('refused')).taken]).toEqual([1, 1]);
  expect([...(await taken('refused reward>0.5')).taken]).toEqual([0, 1]);
  expect([...(await taken('-refused')).taken]).toEqual([0, 0]);
  expect([...(await taken('😀 or id:a')).taken]).toEqual([1, 1]);
  expect((await taken('refused curl')).terms).toEqual([
    { key: 'refused', rollouts: 1, hits: 3 },
    { key: 'curl', rollouts: 1, hits: 2 },
  ]);
});

it('tells how far it is, and looks only once for the same words', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const told: SearchProgress[] = [];
  await session.where('curl', null, (progress) => told.push(progress));
  expect(told[0]).toMatchObject({ totalRollouts: 2, totalBytes: new TextEncoder().encode(LOG).length - 2 });
  const before = told.length;
  await session.where('curl reward<1', null, (progress) => told.push(progress));
  expect(told).toHaveLength(before);
});

it('gives the first places of a rollout with what stands around them, and their nodes', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const [first, ...others] = await session.search('refused', [0, 1], 2);
  expect(others).toMatchObject([{ rollout: 1, total: 0, hits: [] }]);
  expect(first).toMatchObject({
    rollout: 0,
    total: 3,
    hits: [
      {
        event: 2,
        part: 0,
        role: 'tool',
        kind: 'result',
        inName: false,
        start: 21,
        end: 28,
        before: 'curl: (7) Connection ',
        match: 'refused',
      },
      { event: 2, start: 41, before: 'curl: (7) Connection refused. connection ', match: 'REFUSED', after: '!' },
    ],
  });
  const node = first?.hits[0]?.node;
  if (node === null || node === undefined) throw new Error('no node');
  const text = await session.nodeText(node, 0, 1000);
  expect(text.tokens.map((token) => token.text).join('')).toContain('connection REFUSED!');
});

it('answers a fault with its place', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  expect(await session.where('reward<', null, quiet)).toEqual({
    ok: false,
    fault: 'expected a number after <, found the end',
    from: 0,
    to: 7,
  });
  expect(await session.where('kept<0.5', null, quiet)).toMatchObject({ ok: false, from: 0, to: 8 });
  expect(await session.search('reward<', [0], 1)).toEqual([]);
});

it('knows what a cut keeps where one is given', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const { orderId } = session.order(DEFAULT_RULE);
  expect(await session.where('kept=1', { orderId, budget: { cut: 1, train: 1 } }, quiet)).toMatchObject({ ok: true, count: 2 });
});

it('gives up what is stopped', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const asked = session.where('curl', null, quiet);
  session.stopSearch('curl');
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  expect(await session.where('curl', null, quiet)).toMatchObject({ count: 1 });
});

it('counts what branches share once', () => {
  const event = (text: string): RolloutEvent => ({ role: 'user', sampled: false, parts: [{ kind: 'user', text }] });
  const [first, second, other] = [event('refused'), event('so it was refused'), event('refused, and again refused')];
  const rollout = {
    id: 'x',
    task: 't',
    reward: 1,
    branches: [{ events: [first, second] }, { events: [{ ...first }, other] }, { events: [{ ...first }, { ...second }, other] }],
  };
  const term = { key: 'refused', kind: 'words', text: 'refused', flags: '' } as const;
  const finding = makeFinding({ terms: [term], places: 9 });
  finding.take(rollout, bytesAt(0));
  const [found] = finding.finish().found;
  expect(found?.counts).toEqual([6]);
  expect(found?.places.map(({ branch, event: e, start }) => [branch, e, start])).toEqual([
    [0, 0, 0],
    [0, 1, 10],
    [1, 1, 0],
    [1, 1, 19],
    [2, 2, 0],
    [2, 2, 19],
  ]);
  expect(finding.finish()).toEqual({ found: [] });
});

it('does not try a search again that has no end', () => {
  const job = {
    source: 0,
    name: 'a',
    path: 'a.jsonl',
    format: 'chat',
    reader: 'lines',
    span: { start: 0, end: 1, firstIndex: 0 },
    look: { terms: [], places: 0 },
  };
  const stop = { how: 'stuck', place: null, seconds: MAX_SEARCH_SECONDS } as const;
  expect(() => makeRetries(job, false, '').stopped(stop)).toThrow(
    new SearchStuck('the search found no end within 5 s in one record of a.jsonl'),
  );
});
