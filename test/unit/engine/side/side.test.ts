/** Two rollouts side by side, drawn by hand and from the sample. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AFTER, BEFORE, PAIRING, type SideAnswer } from '../../../../src/engine/answers/side.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

interface Said {
  readonly think?: string;
  readonly call: string;
  readonly args: unknown;
  readonly result?: string;
}

const record = (last: string, ...said: readonly Said[]) => ({
  messages: [
    { role: 'system', content: 'You tend an orchard.' },
    { role: 'user', content: 'Count the pears.' },
    ...said.flatMap(({ think = '', call, args, result = 'ok' }, at) => [
      {
        role: 'assistant',
        content: think,
        tool_calls: [{ id: `c${at}`, type: 'function', function: { name: call, arguments: JSON.stringify(args) } }],
      },
      { role: 'tool', tool_call_id: `c${at}`, content: result },
    ]),
    { role: 'assistant', content: last },
  ],
  reward: 1,
});

async function open(...records: readonly unknown[]): Promise<{ session: Session; keys: readonly string[] }> {
  const text = records.map((each) => JSON.stringify(each)).join('\n');
  const { session } = await openSession([inputFile('a.jsonl', `${text}\n`)]);
  return { session, keys: session.rollouts().keys };
}

const asked = (rollout: string | undefined) => ({ rollout: rollout ?? '', branch: null });
const rowsOf = ({ leftStep, rightStep, pairing }: SideAnswer) => Array.from(leftStep, (left, row) => [left, rightStep[row], pairing[row]]);

describe('two rollouts side by side', () => {
  it('are paired by what they do, and differ first where they do something else', async () => {
    const look = { call: 'look', args: { at: 'trees' } };
    const { session, keys } = await open(
      record('42', look, { call: 'count', args: { rows: 'one two three four' }, think: 'I count.' }, { call: 'note', args: { n: 42 } }),
      record('41', look, { call: 'count', args: { rows: 'one two three five' }, think: 'I count all.' }, { call: 'ask', args: { n: 1 } }),
    );
    const answer = (await session.sideBySide(asked(keys[0]), asked(keys[1]), () => undefined))!;
    expect(rowsOf(answer)).toEqual([
      [BEFORE, BEFORE, PAIRING.equal],
      [0, 0, PAIRING.equal],
      [1, 1, PAIRING.near],
      [2, -1, PAIRING.alone],
      [-1, 2, PAIRING.alone],
      [AFTER, AFTER, PAIRING.near],
    ]);
    expect(answer).toMatchObject({ firstDifference: 2, equal: 1, near: 1, aloneLeft: 1, aloneRight: 1, aligned: 3, whyNoText: null });
    expect(answer.left).toMatchObject({ id: expect.any(String) as string, reward: 1, steps: 3, branches: 1, line: 1 });
    // {rows, one, two, three, four} and {rows, one, two, three, five}
    expect(answer.similarity[2]).toBeCloseTo(4 / 6, 6);

    const [near, alone] = await session.sideTexts(asked(keys[0]), asked(keys[1]), [2, 3]);
    expect(near?.left.map(({ kind, runs }) => [kind, runs])).toEqual([
      ['text', [['I count.', false]]],
      [
        'call',
        [
          ['{"rows":"one two three ', false],
          ['four', true],
          ['"}', false],
        ],
      ],
      ['result', [['ok', false]]],
    ]);
    expect(near?.right[0]?.runs).toEqual([
      ['I count', false],
      [' all', true],
      ['.', false],
    ]);
    expect(alone?.left.map(({ runs }) => runs)).toEqual([[['{"n":42}', false]], [['ok', false]]]);
    expect(alone?.right).toEqual([]);
    expect(near?.leftNode).toMatch(/^[0-9a-f]{16}$/);
  });
  it('ends where one of them is unknown', async () => {
    const { session, keys } = await open(record('1'), record('2'));
    expect(await session.sideBySide(asked(keys[0]), asked('0123456789abcdef'), () => undefined)).toBeNull();
    await expect(session.sideTexts(asked(keys[0]), asked(keys[1]), [0])).rejects.toThrow('have not been aligned');
  });
  it('account for every step of both on the sample', async () => {
    const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl', 'utf8'))]);
    const { keys } = session.rollouts();
    for (let at = 0; at + 1 < 24; at += 2) {
      const answer = (await session.sideBySide(asked(keys[at]), asked(keys[at + 1]), () => undefined))!;
      for (const [steps, about] of [
        [answer.leftStep, answer.left],
        [answer.rightStep, answer.right],
      ] as const)
        expect([...steps].filter((step) => step >= 0)).toEqual(Array.from({ length: about.steps }, (_, step) => step));
      expect(answer.equal * 2 + answer.near * 2 + answer.aloneLeft + answer.aloneRight).toBe(answer.left.steps + answer.right.steps);
      const texts = await session.sideTexts(asked(keys[at]), asked(keys[at + 1]), [...answer.leftStep.keys()]);
      for (const [row, { left, right }] of texts.entries()) {
        expect(left.length + right.length).toBeGreaterThan(0);
        if (answer.pairing[row] === PAIRING.equal && (answer.leftStep[row] ?? 0) >= 0)
          expect(left.some(({ kind }) => ['call', 'memory', 'result', 'summary', 'text'].includes(kind))).toBe(true);
      }
    }
  });
  it('are the same where both are one rollout', async () => {
    const { session, keys } = await open(record('1', { call: 'a', args: {} }), record('2', { call: 'b', args: {} }));
    const answer = (await session.sideBySide(asked(keys[0]), asked(keys[0]), () => undefined))!;
    expect(answer).toMatchObject({ firstDifference: -1, equal: 1, near: 0 });
  });
});
