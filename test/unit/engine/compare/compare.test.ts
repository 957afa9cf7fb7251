/** Two settings of a real session against each other. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { KEPT_BY, type Settings } from '../../../../src/engine/answers/comparing.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const A: Settings = { rule: DEFAULT_RULE, budget: { cut: 0.3, train: 1 } };
const B: Settings = { rule: { ...DEFAULT_RULE, strategy: 'best-first' }, budget: { cut: 0.2, train: 0.5 } };

let session: Session;
beforeAll(async () => {
  ({ session } = await openSession([inputFile('orchard-chat.jsonl', readFileSync('public/samples/orchard-chat.jsonl'))]));
});

it('has the figures that each has alone, and counts that add up', async () => {
  const { a, b, overlaps, groups } = await session.compareSettings(A, B);
  for (const [side, settings] of [
    [a, A],
    [b, B],
  ] as const) {
    const order = session.order(settings.rule);
    const keep = session.keep(order.orderId, settings.budget);
    expect({ ...side.keep, orderId: 0 }).toEqual({ ...keep, orderId: 0 });
    expect(side.curve).toEqual(order.curve);
  }
  const of = new Map(overlaps.map((row) => [row.of, row.overlap]));
  expect(of.get('nodes')).toMatchObject({ a: a.keep.nodes.after, b: b.keep.nodes.after });
  expect(of.get('tokens')).toMatchObject({ a: a.keep.distinct.after, b: b.keep.distinct.after });
  expect(of.get('trained')).toMatchObject({ a: a.keep.training.after, b: b.keep.training.after });
  expect(of.get('rollouts')).toMatchObject({ a: a.keep.rollouts.whole, b: b.keep.rollouts.whole });
  for (const { a: first, b: second, both, either } of of.values()) expect(either).toBe(first + second - both);
  const tasks = groups.find(({ by }) => by === 'task');
  expect(tasks?.words.reduce((sum, { overlap }) => sum + overlap.a, 0)).toBe(a.keep.rollouts.whole);
});

it('is all in common with itself', async () => {
  const { overlaps } = await session.compareSettings(A, A);
  for (const { overlap } of overlaps) expect(new Set(Object.values(overlap)).size).toBe(1);
});

it('tells of each node of a task who keeps it', async () => {
  const { overlaps } = await session.compareSettings(A, B);
  const tasks = session.tasks().length;
  let both = 0;
  for (let task = 0; task < tasks; task++)
    both += (await session.comparedNodes(A, B, task)).filter((bits) => bits === (KEPT_BY.a | KEPT_BY.b)).length;
  expect(both).toBe(overlaps[0]?.overlap.both);
});

it('holds A while others come and go', async () => {
  await session.holdSettings(A);
  const before = (await session.compareSettings(A, B)).a.orderId;
  for (const strategy of ['longest-path', 'random', 'pods', 'hes', 'best-rollouts'] as const) session.order({ ...DEFAULT_RULE, strategy });
  expect((await session.compareSettings(A, B)).a.orderId).toBe(before);
});

it('says whether A is held, or was made again because it never was or another file came', async () => {
  const line = (n: number): string =>
    JSON.stringify({ id: `r${n}`, task: 't', reward: n % 2, messages: [{ role: 'user', content: `go ${n}` }] });
  const own = await openSession([inputFile('a.jsonl', Buffer.from(`${line(0)}\n${line(1)}\n`))]);
  const isHeld = async (): Promise<boolean> => (await own.session.compareSettings(A, B)).isHeld;
  expect(await isHeld()).toBe(false);
  await own.session.holdSettings(A);
  expect(await isHeld()).toBe(true);
  await own.session.append([inputFile('b.jsonl', Buffer.from(`${line(2)}\n`))], () => undefined);
  expect(await isHeld()).toBe(false);
  await own.session.holdSettings(A);
  expect(await isHeld()).toBe(true);
});
