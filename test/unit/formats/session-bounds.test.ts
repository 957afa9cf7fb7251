/** Sessions that are made to grow without end, and lines whose parents go in a circle, end with an issue or a rollout. */
import { expect, it } from 'vitest';
import { claudeCode } from '../../../src/formats/claude-code.ts';
import type { Format, LogLine } from '../../../src/formats/format.ts';
import { pi } from '../../../src/formats/pi.ts';

const CONTEXT = { name: 'a.jsonl', path: 'a.jsonl', index: 0, line: 1 };

function open(format: Format, values: readonly object[]) {
  const lines = values.map((value, i): LogLine => ({ value, line: i + 1, start: i, size: 1 }));
  return format.together?.(lines, CONTEXT) ?? { rollouts: [], faults: [] };
}

const user = (uuid: string, parentUuid: string | null): object => ({
  type: 'user',
  uuid,
  parentUuid,
  sessionId: 's',
  message: { role: 'user', content: uuid },
});

it('refuses more messages over all branches than a rollout may have', () => {
  const chain = Array.from({ length: 3000 }, (_, i) => user(`c${i}`, i === 0 ? null : `c${i - 1}`));
  const leaves = Array.from({ length: 1000 }, (_, i) => user(`l${i}`, 'c2999'));
  expect(open(claudeCode, [...chain, ...leaves]).rollouts).toMatchObject([{ ok: false, complaint: { code: 'expansion' } }]);
  expect(open(claudeCode, [...chain, ...leaves.slice(0, 10)]).rollouts).toMatchObject([{ ok: true }]);
});

it('ends where parents go in a circle', () => {
  const entry = (id: string, parentId: string, more: object): object => ({ type: 'message', id, parentId, timestamp: 't', ...more });
  const said = { message: { role: 'user', content: 'x' } };
  const circle = [entry('a', 'b', said), entry('b', 'a', said), entry('c', 'c', said)];
  const compaction = { type: 'compaction', id: 'd', parentId: 'a', timestamp: 't', summary: 's', firstKeptEntryId: 'nowhere' };
  const [rollout] = open(pi, [...circle, compaction]).rollouts;
  expect(rollout).toMatchObject({ ok: true });
  const [other] = open(claudeCode, [user('a', 'b'), user('b', 'a'), user('c', 'c')]).rollouts;
  expect(other).toMatchObject({ ok: true, notes: expect.arrayContaining([expect.objectContaining({ code: 'dangling-parent' })]) });
});

it('keeps no more entries over all compactions than is bearable, and says so', () => {
  const chain = Array.from({ length: 4000 }, (_, i) => ({
    type: 'message',
    id: `m${i}`,
    parentId: i === 0 ? null : `m${i - 1}`,
    timestamp: 't',
    message: { role: 'user', content: 'x' },
  }));
  const compactions = Array.from({ length: 1000 }, (_, i) => ({
    type: 'compaction',
    id: `k${i}`,
    parentId: 'm3999',
    timestamp: 't',
    summary: 's',
    firstKeptEntryId: 'm0',
  }));
  expect(open(pi, [...chain, ...compactions]).rollouts).toMatchObject([
    { ok: true, notes: [{ code: 'expansion' }, { code: 'no-answer' }] },
  ]);
});

it('joins many lines of one reply in the time that they take', () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => ({
    type: 'assistant',
    uuid: `a${i}`,
    parentUuid: i === 0 ? null : `a${i - 1}`,
    sessionId: 's',
    message: { id: 'm', role: 'assistant', content: [{ type: 'text', text: `${i}` }] },
  }));
  const [rollout] = open(claudeCode, lines).rollouts;
  expect(rollout?.ok && rollout.rollout.branches.map(({ events }) => events.map(({ parts }) => parts.length))).toEqual([[50_000]]);
});
