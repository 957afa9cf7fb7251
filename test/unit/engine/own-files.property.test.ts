/** Our own files: whatever happens to their bytes, they hold what was written or are refused, and nothing of them is half used. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { sealed, sealFault } from '../../../src/core/model/seal.ts';
import { openMapping } from '../../../src/engine/mapping-file.ts';
import { readCurves, writeCurve } from '../../../src/engine/stream/curve-file.ts';
import { readShare, shareText } from '../../../src/engine/stream/share-file.ts';
import { makeRun } from '../../../src/core/prune/run.ts';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { sha256 } from '../../../src/platform/node/sha256.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';

/** A change to bytes at a place: one turned, left out or put in, or all behind it cut off. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  by: fc.integer({ min: 1, max: 255 }),
  how: fc.constantFrom('turn', 'drop', 'put', 'cut'),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Uint8Array, { at, by, how }: Change): Uint8Array {
  const place = Math.floor(at * bytes.length);
  if (how === 'turn') return bytes.map((byte, i) => (i === place ? byte ^ by : byte));
  const behind = how === 'cut' ? [] : bytes.subarray(how === 'drop' ? place + 1 : place);
  return Uint8Array.from([...bytes.subarray(0, place), ...(how === 'put' ? [by] : []), ...behind]);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const LOG = ['a', 'b', 'c']
  .map((id, i) =>
    JSON.stringify({
      id,
      task_id: `t${i % 2}`,
      reward: i,
      messages: [
        { role: 'user', content: 'Water?' },
        { role: 'assistant', content: `Answer ${i}.` },
      ],
    }),
  )
  .join('\n');

async function forestOf(name: string, text: string | Uint8Array): Promise<{ text: string; tasks: number }> {
  const { session, facts } = await openSession([inputFile(name, text)]);
  const sink = memorySink();
  await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec('forest'), sink, () => undefined);
  return { text: sink.files.get('forest.jsonl') ?? '', tasks: facts.tasks };
}

it('a line of a forest is what was written, or an issue', async ({ task }) => {
  const { text } = await forestOf('log.jsonl', LOG);
  const bytes = encode(text);
  const whole = linesOf(text).map(({ task: key }) => key);
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(change, async (how) => {
      const { session, facts } = await openSession([inputFile('forest.jsonl', changed(bytes, how))]);
      const { issues } = session.issues(0, 100);
      const bad = issues.filter(({ severity }) => severity === 'record').length;
      const [input] = facts.inputs;
      expect(input && input.records).toBe((input?.rollouts ?? 0) + bad);
      if (facts.tasks === whole.length) expect(facts.rollouts).toBe(3);
      // What is left is whole trees of the written ones; a line that has gone whole is told by the manifest.
      const again = facts.tasks === 0 ? '' : (await forestOf('forest.jsonl', changed(bytes, how))).text;
      for (const line of again.split('\n')) expect(text.split('\n')).toContain(line);
      if (bad > 0) refused++;
    }),
    { numRuns: 150, seed: 7 },
  );
  proven(task, {
    part: 'Input',
    fault: 'A byte of a forest export is turned, left out or put in, or its end is cut off',
    happened: `${refused} of 150 with an issue at the line; all trees that open are those that were written`,
  });
});

it.each([
  ['a negative id', (line: Line) => void (line.token_ids[0]![0] = -1), 'integers from 0 to 2147483647 at token_ids'],
  ['an id beyond 32 bits', (line: Line) => void (line.token_ids[0]![0] = 4294967301), 'integers from 0 to 2147483647 at token_ids'],
  ['an id of 1e300', (line: Line) => void (line.token_ids[0]![0] = 1e300), 'integers from 0 to 2147483647 at token_ids'],
  ['a half id', (line: Line) => void (line.token_ids[0]![0] = 0.5), 'integers from 0 to 2147483647 at token_ids'],
  ['a parent behind its child', (line: Line) => void (line.parent[1] = 2), 'parents that stand before their children'],
  ['a column that is too short', (line: Line) => void line.kinds.pop(), 'entries at kinds, one for each node'],
  ['flags beyond a byte', (line: Line) => void (line.flags[0] = 257), 'integers from 0 to 255 at flags'],
  ['a leaf that is no node', (line: Line) => void (line.trajectories[0]!.leaf = 99), 'a rollout id and a leaf below'],
  ['a branch twice', (line: Line) => line.trajectories.push(line.trajectories[0]!), 'branches of a rollout that are told apart'],
  ['positions beyond the leaf', (line: Line) => void (line.trajectories[0]!.sampled = [0, 9999]), 'pairs of positions up to'],
  ['a node that no trajectory passes', (line: Line) => void line.trajectories.pop(), 'a trajectory through every node'],
])('a forest with %s is refused at its line', async (_, spoil, expected) => {
  const { text } = await forestOf('log.jsonl', LOG);
  const [line, other] = text.trimEnd().split('\n');
  const record = JSON.parse(line ?? '') as Line & { sha256?: string };
  delete record.sha256;
  spoil(record);
  const { session, facts } = await openSession([inputFile('forest.jsonl', `${sealed(JSON.stringify(record), sha256)}\n${other}\n`)]);
  const { issues } = session.issues(0, 10);
  expect(issues[0]).toMatchObject({
    severity: 'record',
    line: 1,
    address: { start: 0 },
    expected: expect.stringContaining(expected) as string,
  });
  expect(facts.inputs[0]?.records).toBe(facts.rollouts + issues.length);
});

interface Line {
  readonly parent: number[];
  readonly token_ids: number[][];
  readonly kinds: number[];
  readonly flags: number[];
  readonly trajectories: { leaf: number; sampled: number[] }[];
}

it('two rollouts of one id and line come back as two', async () => {
  const say = (content: string): object[] => [
    { role: 'user', content: 'q' },
    { role: 'assistant', content },
  ];
  const log = JSON.stringify([
    { id: 'same', task_id: 't', reward: 1, messages: say('One.') },
    { id: 'same', task_id: 't', reward: 0, messages: say('Two.') },
  ]);
  const { text } = await forestOf('log.json', log);
  const { facts } = await openSession([inputFile('forest.jsonl', text)]);
  expect(facts).toMatchObject({ rollouts: 2, issues: 0, rewards: { known: 2, mean: 0.5 } });
  const [line] = linesOf(text);
  // Before version 4 nothing but their branches told them apart.
  const older = `${JSON.stringify(line)}\n`
    .replace(/,"sha256":"\w+"/, '')
    .replace('t":4', 't":3')
    .replaceAll(/"number":\d,/g, '');
  expect((await openSession([inputFile('forest.jsonl', older)])).facts).toMatchObject({ rollouts: 2, issues: 0 });
});

it('values of tokens in a forest that cannot be are named, and unknown', async () => {
  const line = JSON.parse(readFileSync('test/fixtures/versions/forest-3.jsonl', 'utf8')) as Line & { tokens: object };
  const column = line.token_ids.map((ids) => ids.map(() => 1000));
  const text = `${JSON.stringify({ ...line, tokens: { entropy: column } })}\n`;
  const { session, facts } = await openSession([inputFile('forest.jsonl', text)]);
  expect(facts).toMatchObject({ rollouts: 2, issues: 0, entropy: { coverage: 0 } });
  expect(session.issues(0, 10).issues).toMatchObject([{ code: 'impossible-numbers', severity: 'note', line: 1 }]);
});

it('a mapping that the page wrote is what was written, or refused', () => {
  const bytes = readFileSync('test/fixtures/versions/mapping-2.json');
  const { sha256: _, ...written } = JSON.parse(decode(bytes)) as { sha256: string };
  fc.assert(
    fc.property(change, (how) => {
      let opened: ReturnType<typeof openMapping>;
      try {
        opened = openMapping(decode(changed(bytes, how)), sha256);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        return;
      }
      if (opened.ok) expect(opened.mapping).toEqual(written);
    }),
    { numRuns: 500 },
  );
});

it('a manifest fits its checksum only as it was written', () => {
  const bytes = readFileSync('test/fixtures/versions/manifest-2.json');
  expect(sealFault(bytes, sha256)).toBeNull();
  fc.assert(
    fc.property(change, (how) => {
      const other = changed(bytes, how);
      if (sealFault(other, sha256) === null) expect(decode(other).trim()).toBe(decode(bytes).trim());
    }),
    { numRuns: 500 },
  );
});

it('a share is what was written, or refused', () => {
  const rule = JSON.stringify(DEFAULT_RULE);
  const counted = { kept: 1, total: 2 };
  const cut = { limits: [3, 4], trainEnds: [5, Infinity], cost: counted, signal: counted } as unknown as Parameters<typeof shareText>[2];
  const text = shareText(rule, { cut: 0.5, train: 1 }, cut, ['one', 'two'], sha256);
  const read = (some: string): ReturnType<typeof readShare> => readShare(some, 'two', sha256);
  expect(read(text)).toMatchObject({ ok: true, allotted: { groups: 4, trainRows: Infinity }, budget: { cut: 0.5, train: 1 } });
  fc.assert(
    fc.property(change, (how) => {
      const other = read(decode(changed(encode(text), how)));
      if (other.ok) expect(other).toEqual(read(text));
    }),
    { numRuns: 500 },
  );
});

it('a curve is what was written, or refused', async () => {
  const sink = memorySink();
  const run = makeRun(3);
  run.cost.set([1, 2, 3]);
  run.flags.fill(1);
  const reader = {
    async *read() {
      yield run;
    },
    drop: () => undefined,
  };
  const demand = { hasPins: false, cost: 1, signal: 2, total: 3 };
  await writeCurve([{ runs: { order: reader, bound: reader, rest: reader, train: reader }, demand }], 'rule', sink, 'one.curve');
  const bytes = sink.bytes.get('one.curve') ?? Buffer.of();
  const costs = async (some: Uint8Array): Promise<unknown> => {
    const { curves, rule } = await readCurves([bytesSource('one.curve', Uint8Array.from(some))]);
    const found: number[] = [];
    for await (const piece of curves[0]?.runs.order.read() ?? []) for (const cost of piece.cost) found.push(cost);
    return { rule, found };
  };
  expect(await costs(bytes)).toEqual({ rule: 'rule', found: [1, 2, 3] });
  await fc.assert(
    fc.asyncProperty(change, async (how) => {
      await expect(costs(changed(bytes, how))).rejects.toThrow(/^one\.curve: (expected a curve|the curve does not fit its checksum)/);
    }),
    { numRuns: 300 },
  );
});
