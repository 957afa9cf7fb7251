/** The columns of a session's rollouts against what their records say. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RolloutsAnswer } from '../../../../src/engine/answers/rollouts.ts';
import { buffersOf } from '../../../../src/engine/transferables.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const scalar = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
  fc.constantFrom('', 'gpt-4.1', '<img src=x onerror=alert(1)>', '=1+1', 'x'.repeat(300)),
  fc.boolean(),
  fc.constant(null),
);
const turn = fc.record({ calls: fc.array(fc.constantFrom('bash', 'edit', 'read'), { maxLength: 3 }), fails: fc.boolean() });
const record = fc.record({
  task: fc.constantFrom('t1', 't2'),
  reward: fc.constantFrom(0, 0.5, 1, null),
  advantage: fc.constantFrom(-1, 0.25, null),
  status: fc.constantFrom('completed', 'failed', null),
  step: fc.constantFrom(3, 4, null),
  time: fc.constantFrom(1_700_000_000, null),
  turns: fc.array(turn, { minLength: 1, maxLength: 4 }),
  more: fc.dictionary(fc.constantFrom('alpha', 'beta', 'model'), scalar),
  metadata: fc.dictionary(fc.constantFrom('seed', 'model', 'env'), scalar),
  deep: fc.dictionary(fc.constantFrom('x', 'y'), scalar),
});
type Drawn = typeof record extends fc.Arbitrary<infer T> ? T : never;

function lineOf(drawn: Drawn, index: number): Record<string, unknown> {
  const messages = [
    { role: 'user', content: `Do ${drawn.task}` },
    ...drawn.turns.flatMap(({ calls, fails }, t) => [
      {
        role: 'assistant',
        content: `step ${t}`,
        ...(calls.length > 0 && {
          tool_calls: calls.map((name, c) => ({ id: `${t}.${c}`, type: 'function', function: { name, arguments: '{}' } })),
        }),
      },
      ...calls.map((_, c) => ({ role: 'tool', tool_call_id: `${t}.${c}`, content: 'ok', ...(fails && { is_error: true }) })),
    ]),
  ];
  const { task, reward, advantage, status, step, time, more, metadata, deep } = drawn;
  const own = { id: `r${index}`, instance_id: task, reward, advantage, status, step, timestamp: time, messages };
  return { ...own, ...more, metadata: { ...metadata, inner: { ...deep, three: { z: 1, tooDeep: { q: 2 } } }, list: [1, 2] } };
}

/** What a column says of a rollout, as the record would: null where unknown. */
function said(answer: RolloutsAnswer, id: string, r: number): unknown {
  const column = answer.columns.find((each) => each.id === id);
  if (column === undefined) return null;
  if (column.type === 'number') return Number.isNaN(column.values[r]) ? null : column.values[r];
  if (column.type === 'text') return column.words[column.codes[r] ?? -1] ?? null;
  return Array.from(column.items.subarray(column.start[r], column.start[r + 1]), (item) => column.words[item]).sort();
}

type Scalar = string | number | boolean;

/** Fields by the rule as a person would say it: short scalars, down to three levels of objects. */
function slowFields(value: unknown, name = '', depth = 0): [string, Scalar][] {
  return Object.entries(value as object).flatMap(([key, member]: [string, unknown]): [string, Scalar][] => {
    const own = name === '' ? key : `${name}.${key}`;
    if (typeof member === 'object' && member !== null && !Array.isArray(member)) return depth < 3 ? slowFields(member, own, depth + 1) : [];
    if (typeof member === 'string') return member === '' || member.length > 256 ? [] : [[own, member]];
    return typeof member === 'number' || typeof member === 'boolean' ? [[own, member]] : [];
  });
}

it('say what the records say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 6 }), async (drawn) => {
      const lines = drawn.map(lineOf);
      const { session } = await openSession([inputFile('a.jsonl', lines.map((line) => `${JSON.stringify(line)}\n`).join(''))]);
      const answer = session.rollouts();
      expect(answer.length).toBe(lines.length);
      expect(new Set(answer.keys).size).toBe(lines.length);
      expect([...answer.line]).toEqual(lines.map((_, r) => r + 1));
      const fieldIds = new Set(answer.columns.map(({ id }) => id).filter((id) => id.startsWith('field.')));
      const wanted = new Map(lines.map((line, r) => [r, new Map(slowFields(line))] as const));
      expect(fieldIds).toEqual(new Set([...wanted.values()].flatMap((own) => [...own.keys()].map((name) => `field.${name}`))));
      for (const [r, { turns, task, reward, advantage, status, step, time }] of drawn.entries()) {
        const calls = turns.map((each) => each.calls);
        const facts = {
          id: `r${r}`,
          task,
          file: 'a.jsonl',
          reward,
          advantage,
          status,
          policy: step === null ? null : String(step),
          started: time,
          turns: turns.length,
          calls: calls.flat().length,
          errors: turns.filter(({ fails }) => fails).flatMap((each) => each.calls).length,
          parallel: calls.filter(({ length }) => length > 1).flat().length,
          tool: [...new Set(calls.flat())].sort(),
          trajectories: 1,
        };
        for (const [id, value] of Object.entries(facts)) expect([id, said(answer, id, r)]).toEqual([id, value]);
        for (const id of fieldIds) {
          const value = wanted.get(r)?.get(id.slice('field.'.length)) ?? null;
          const column = answer.columns.find((each) => each.id === id);
          expect([id, said(answer, id, r)]).toEqual([id, value === null || column?.type === 'number' ? value : String(value)]);
        }
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);

it('are the same when a log grows as when it is opened at once, and keys stay', async () => {
  const line = (index: number, extra: object): string =>
    `${JSON.stringify({
      id: `r${index}`,
      instance_id: 't',
      ...extra,
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: `b${index}` },
      ],
    })}\n`;
  const one = inputFile('one.jsonl', line(0, { seed: 1 }) + line(1, { seed: 'two' }));
  const two = inputFile('two.jsonl', line(2, { other: true }));
  const whole = (await openSession([one, two])).session.rollouts();
  const { session } = await openSession([one]);
  const before = session.rollouts().keys;
  await session.append([two], () => undefined);
  expect(session.rollouts()).toEqual(whole);
  expect(whole.keys.slice(0, 2)).toEqual(before);
  await session.remove('two.jsonl');
  expect(session.rollouts()).toEqual((await openSession([one])).session.rollouts());
});

it('cross to another thread whole, and stay here', async () => {
  const record = {
    id: 'a',
    metadata: { seed: 1, env: 'x' },
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ],
  };
  const { session } = await openSession([inputFile('a.jsonl', `${JSON.stringify(record)}\n`)]);
  const answer = session.rollouts();
  const buffers = buffersOf(answer);
  expect(buffers.length).toBeGreaterThan(answer.columns.length);
  const there = structuredClone(answer, { transfer: buffers });
  expect(answer.line.length).toBe(0);
  expect(session.rollouts()).toEqual(there);
});

it('have the fields of each member of a record that holds several', async () => {
  const { fieldsOf } = await import('../../../../src/formats/fields.ts');
  const group = {
    seed: 7,
    scores: [0.5, 1],
    items: [
      { name: 'a', info: { env: 'x' } },
      { name: 'b', info: { env: 'y' } },
    ],
    prompt: [
      { role: 'user', content: 'q' },
      { role: 'user', content: 'r' },
    ],
    three: [1, 2, 3],
  };
  const names = ['seed', 'scores', 'items.name', 'items.info.env'];
  expect(fieldsOf(group, 2)(0)).toEqual({ names, values: [7, 0.5, 'a', 'x'], leftOut: 0 });
  expect(fieldsOf(group, 2)(1)).toEqual({ names, values: [7, 1, 'b', 'y'], leftOut: 0 });
});

it('count fields beyond the bound', async () => {
  const { fieldsOf } = await import('../../../../src/formats/fields.ts');
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, i]));
  const { names, leftOut } = fieldsOf(many, 1)(0);
  expect([names.length, names[0], leftOut]).toEqual([64, 'f0', 36]);
});
