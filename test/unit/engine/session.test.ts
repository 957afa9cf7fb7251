import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { STRATEGIES } from '../../../src/core/prune/strategies.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenProgress } from '../../../src/engine/answers/opening.ts';
import type { DatasetFacts } from '../../../src/engine/answers/dataset.ts';
import type { OrderAnswer } from '../../../src/engine/answers/pruning.ts';
import type { ParseReply } from '../../../src/engine/parse-job.ts';
import { makeLocalPool, makeParser } from '../../../src/engine/pool.ts';
import { makeSession, type Session } from '../../../src/engine/session.ts';
import { openHandle } from '../../../src/platform/node/open-handle.ts';
import { unpack } from '../../../src/platform/node/unpack.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { zstdFrame } from '../../helpers/zstdFrame.ts';

const sample = readFileSync('public/samples/orchard.jsonl');
const expected = JSON.parse(readFileSync('public/samples/orchard.expected.json', 'utf8')) as {
  totals: Record<string, number>;
  tasks: Record<string, number>[];
};
const chatLine = (id: number, answer: string): string =>
  JSON.stringify({
    task_id: 'sum',
    reward: id % 2,
    messages: [
      { role: 'user', content: 'one and one' },
      { role: 'assistant', content: answer },
    ],
  });

describe('opening the bundled sample', () => {
  let session: Session;
  let facts: DatasetFacts;
  beforeAll(async () => ({ session, facts } = await openSession([inputFile('orchard.jsonl', sample)])));

  it('counts what its generator counted', () => {
    expect(facts).toMatchObject({
      tasks: expected.tasks.length,
      rollouts: expected.totals['rollouts'],
      trajectories: expected.totals['trajectories'],
      tokens: { flat: expected.totals['flatTokens'], distinct: expected.totals['distinctTokens'] },
      entropy: { sources: [{ source: 'logged' }], coverage: 1, model: null },
      issues: 0,
    });
  });
  it('gives long-term entropies of the roots that are the mean entropies of their trajectories', () => {
    const table = session.tasks();
    const order = session.order(DEFAULT_RULE);
    table.label.forEach((_, task) => {
      const tree = session.shape(order.orderId, task, 'tokens');
      const root = session.node(order.orderId, { cut: 1, train: 1 }, nodeKeyOf(tree.keys, 0))!;
      expect(tree.parent.filter((parent) => parent < 0).length).toBe(1);
      const truth = expected.tasks.find((row) => String(row['key']) === (table.key[task] ?? '').replace('orchard:', ''));
      // Logged entropies have six significant digits.
      expect((root.figures['long-term-entropy'] ?? NaN) / (truth?.['meanTrajectoryEntropy'] ?? NaN)).toBeCloseTo(1, 4);
    });
  });
  it("reads a node's text back with its boundaries", async () => {
    const tree = session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens');
    const text = await session.nodeText(nodeKeyOf(tree.keys, 0), 0, 1000);
    expect(text.tokens.map((token) => token.text).join('')).toMatch(/^<\|im_start\|>system<\|im_sep\|>You keep the books/);
    expect(text.decodedBy).toBe('o200k_base');
  });
  it('keeps everything at a full budget and nothing at none', () => {
    const { orderId } = session.order({ ...DEFAULT_RULE, protect: {} });
    const all = session.keep(orderId, { cut: 1, train: 1 });
    expect(all.distinct.after).toBe(all.distinct.before);
    expect(all.rollouts.touched).toBe(0);
    expect(all.training.after).toBe(all.training.before);
    expect(session.keep(orderId, { cut: 0, train: 1 }).distinct.after).toBe(0);
  });
});

describe('orders', () => {
  it('answers the same order for a rule it still holds, and keeps the last few', async () => {
    const { session } = await openSession([inputFile('a.jsonl', chatLine(1, 'two'))]);
    const first = session.order(DEFAULT_RULE).orderId;
    expect(session.order({ ...DEFAULT_RULE, gamma: 0.5 }).orderId).not.toBe(first);
    expect(session.order(DEFAULT_RULE).orderId).toBe(first);
    for (const seed of [1, 2, 3]) session.order({ ...DEFAULT_RULE, seed });
    expect(session.keep(first, { cut: 1, train: 1 }).distinct.after).toBeGreaterThan(0);
    session.order({ ...DEFAULT_RULE, seed: 4 });
    expect(() => session.keep(first, { cut: 1, train: 1 })).toThrow('no longer held');
  });
});

describe('a rule that was made with other files', () => {
  it('protects by hand the nodes that there are, and keeps and counts the others', async () => {
    const { session } = await openSession([inputFile('a.jsonl', chatLine(1, 'two'))]);
    const tree = session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens');
    const byHand = (keys: readonly string[]): OrderAnswer =>
      session.order({ ...DEFAULT_RULE, hand: keys.map((key) => ({ key, protection: { level: 'pin' } })) });
    const elsewhere = ['0123456789abcdef', 'fedcba9876543210'];
    const mixed = byHand([elsewhere[0], nodeKeyOf(tree.keys, tree.length - 1), elsewhere[1]]);
    expect(mixed.handElsewhere).toBe(2);
    expect(mixed.rule.hand).toHaveLength(3);
    expect([...session.locate('tokens', [elsewhere[0], nodeKeyOf(tree.keys, 1), '7'])]).toEqual([0, 1, 0]);
    const alone = byHand([nodeKeyOf(tree.keys, tree.length - 1)]);
    expect(alone.handElsewhere).toBe(0);
    expect(alone.pinnedFloor).toBe(mixed.pinnedFloor);
    expect(alone.pinnedFloor).toBeGreaterThan(byHand(elsewhere).pinnedFloor);
  });
});

describe('the signal of tasks', () => {
  it('is a share where a task has any, and unknown where it has none', async () => {
    const task = (name: string, rewards: readonly number[]): string[] =>
      rewards.map((reward, i) =>
        JSON.stringify({
          task_id: name,
          reward,
          messages: [
            { role: 'user', content: name },
            { role: 'assistant', content: `answer ${i}` },
          ],
        }),
      );
    const { session } = await openSession([inputFile('a.jsonl', [...task('equal', [1, 1]), ...task('apart', [0, 1])].join('\n'))]);
    const { label } = session.tasks();
    const { signal } = session.keptByTask(session.order({ ...DEFAULT_RULE, mode: 'rl' }).orderId, { cut: 1, train: 1 });
    expect(label.map((name, i) => [name, signal[i]])).toEqual([
      ['apart', 1],
      ['equal', NaN],
    ]);
  });
});

describe('opening files', () => {
  it('opens gzip of several members and zstd of several frames as the plain file', async () => {
    const half = sample.indexOf(10, sample.length >> 1) + 1;
    const plain = (await openSession([inputFile('a.jsonl', sample)])).facts;
    const gz = (
      await openSession([inputFile('a.jsonl.gz', Buffer.concat([gzipSync(sample.subarray(0, half)), gzipSync(sample.subarray(half))]))])
    ).facts;
    const zst = (
      await openSession([inputFile('a.jsonl.zst', Buffer.concat([zstdFrame(sample.subarray(0, half)), zstdFrame(sample.subarray(half))]))])
    ).facts;
    for (const facts of [gz, zst]) {
      expect(facts.tokens).toEqual(plain.tokens);
      expect(facts.inputs[0]).toMatchObject({ records: 128, rollouts: 128, issueCount: 0 });
    }
  });
  it('reports a damaged archive and its torn record as an issue each, and opens the rest', async () => {
    const { session, facts } = await openSession([
      inputFile('bad.gz', gzipSync(sample).subarray(0, 900)),
      inputFile('good.jsonl', chatLine(1, 'two')),
    ]);
    expect(facts.inputs).toMatchObject([
      { name: 'bad.gz', records: 2, rollouts: 0, issueCount: 2 },
      { name: 'good.jsonl', records: 1, rollouts: 1, issueCount: 0 },
    ]);
    expect(session.issues(0, 10).issues).toMatchObject([
      { file: 'bad.gz', code: 'damaged-archive' },
      { file: 'bad.gz', code: 'torn-document' },
    ]);
  });
  it('names line, byte and reason of every bad record, and uses the good ones around it', async () => {
    const lines = [chatLine(0, 'two'), '{"messages": [', '', chatLine(1, 'three'), '[1, 2]', chatLine(2, 'four').slice(0, -9)];
    const { session, facts } = await openSession([inputFile('log.jsonl', lines.join('\r\n'))]);
    expect(facts.inputs[0]).toMatchObject({ records: 5, rollouts: 2, issueCount: 3 });
    const { issues } = session.issues(0, 10);
    expect(issues.map((issue) => [issue.line, issue.code])).toEqual([
      [2, 'invalid-json'],
      [5, 'shape'],
      [6, 'torn-line'],
    ]);
    const bytes = lines.join('\r\n');
    for (const issue of issues) expect(bytes.slice(issue.address.start).startsWith(lines[issue.line - 1]!)).toBe(true);
    expect(issues.map(({ expected: wanted }) => wanted)).toEqual([
      'one JSON value',
      'an object with a list of messages',
      'a complete JSON value before the end of the file',
    ]);
    // What an engine says of JSON is its own; what stands there is ours.
    for (const [i, found] of ['{"messages": [', 'a list of 2', 'content'].entries())
      expect(issues[i]!.found.replaceAll('\\', '')).toContain(found);
  });
  it('says so when nothing is recognised, with examples and a suggested mapping that opens it', async () => {
    const odd = [1, 2, 3]
      .map((n) =>
        JSON.stringify({
          about: { goal: `find ${n}` },
          what_was_asked: `please find ${n}`,
          what_was_said: `it is ${n}`,
          final_grade: n / 3,
        }),
      )
      .join('\n');
    const { facts } = await openSession([inputFile('odd.jsonl', odd)]);
    expect(facts).toMatchObject({ rollouts: 0, issues: 3 });
    expect(facts.unmapped[0]).toMatchObject({ name: 'odd.jsonl' });
    expect(facts.unmapped[0]?.examples[0]).toContain('please find 1');
    const mapping = { version: 1, prompt: 'what_was_asked', completion: 'what_was_said', reward: 'final_grade' };
    const { facts: mapped } = await openSession([inputFile('odd.jsonl', odd)], { mapping });
    expect(mapped).toMatchObject({ rollouts: 3, issues: 0, rewards: { known: 3, max: 1 } });
  });
  it('reports a Git LFS pointer as one record that needs the real file', async () => {
    const { session, facts } = await openSession([
      inputFile('x.jsonl', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'),
    ]);
    expect(facts.inputs[0]).toMatchObject({ records: 1, rollouts: 0, issueCount: 1 });
    expect(session.issues(0, 1).issues[0]?.code).toBe('lfs-pointer');
  });
  it('cuts long segments into blocks without changing tokens', async () => {
    const plain = await openSession([inputFile('a.jsonl', sample)]);
    const cut = await openSession([inputFile('a.jsonl', sample)], { maxNodeTokens: 16 });
    expect(cut.facts.tokens).toEqual(plain.facts.tokens);
    expect(cut.facts.nodes).toBeGreaterThan(plain.facts.nodes);
    expect(Math.max(...cut.session.shape(cut.session.order(DEFAULT_RULE).orderId, 0, 'tokens').tokens)).toBeLessThanOrEqual(16);
  });
  it('keeps what was read when it is cancelled', async () => {
    const { session } = await openSession([inputFile('a.jsonl', chatLine(0, 'x'))]);
    const files = [inputFile('a.jsonl', `${chatLine(0, 'x')}\n${chatLine(1, 'y')}`), inputFile('b.jsonl', sample)];
    const opening = session.open(files, DEFAULT_OPEN_SETTINGS, ({ rollouts }) => {
      if (rollouts > 0) session.cancel('opening');
    });
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    expect(session.facts()).toMatchObject({ complete: false, rollouts: 2, tasks: 1 });
  });
  it('tells of every reply, and of the freeze at the end', async () => {
    const told: OpenProgress[] = [];
    await makeSession({ unpack, pool: makeLocalPool(openHandle) }).open(
      [inputFile('a.jsonl', `${chatLine(0, 'x')}\n${chatLine(1, 'y')}`)],
      DEFAULT_OPEN_SETTINGS,
      (progress) => told.push(progress),
    );
    expect(told.at(-1)).toMatchObject({ phase: 'freezing', records: 2, rollouts: 2, partial: false });
    expect(told.slice(0, -1).map(({ phase }) => phase)).toEqual(told.slice(1).map(() => 'reading'));
    expect(told.map(({ bytes }) => bytes)).toEqual(told.map(({ bytes }) => bytes).sort((a, b) => a - b));
    expect(told.at(-1)?.bytes).toBe(told[0]?.totalBytes);
  });
  it('opens other files while a cancelled opening still holds the parser', async () => {
    const local = makeLocalPool(openHandle);
    let isHeld = true;
    let release = (): void => undefined;
    const session = makeSession({
      unpack,
      pool: {
        ...local,
        async parse(job, handle, onReply) {
          await local.parse(job, handle, onReply);
          if (isHeld)
            await new Promise<void>((resolve) => {
              release = resolve;
            });
        },
      },
    });
    const first = session.open([inputFile('a.jsonl', chatLine(0, 'x'))], DEFAULT_OPEN_SETTINGS, ({ bytes, totalBytes }) => {
      if (bytes === totalBytes) setTimeout(() => session.cancel('opening'));
    });
    await expect(first).rejects.toThrow(/abort/i);
    expect(session.facts()).toMatchObject({ complete: false, rollouts: 1 });
    isHeld = false;
    expect(
      await session.open([inputFile('b.jsonl', `${chatLine(0, 'x')}\n${chatLine(1, 'y')}`)], DEFAULT_OPEN_SETTINGS, () => undefined),
    ).toMatchObject({ complete: true, rollouts: 2 });
    release();
  });
  it('says how much there was room for, and keeps what could be browsed before', async () => {
    const local = makeLocalPool(openHandle);
    const session = makeSession({
      unpack,
      pool: {
        ...local,
        parse: (job, handle, onReply) =>
          local.parse(job, handle, (reply) => {
            const { batch } = reply;
            onReply(
              batch === null
                ? reply
                : {
                    ...reply,
                    batch: {
                      ...batch,
                      get tokens(): Int32Array<ArrayBuffer> {
                        throw new RangeError('Array buffer allocation failed');
                      },
                    },
                  },
            );
          }),
      },
    });
    await expect(session.open([inputFile('a.jsonl', sample)], DEFAULT_OPEN_SETTINGS, () => undefined)).rejects.toThrow(
      /no room for more than 0 rollouts .* Array buffer allocation failed/,
    );
    expect(session.facts()).toMatchObject({ complete: false, rollouts: 0 });
  });
  it('compares strategies only while the slider rests, and gives up an order that is no longer held', async () => {
    const { session } = await openSession([inputFile('a.jsonl', sample)]);
    const { orderId } = session.order(DEFAULT_RULE);
    const comparison = session.compare(orderId);
    let isDone = false;
    void comparison.then(() => {
      isDone = true;
    });
    for (let tick = 0; tick < 10; tick++) {
      session.keep(orderId, { cut: tick / 10, train: 1 });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(isDone).toBe(false);
    expect((await comparison).curves.map(({ strategy }) => strategy)).toEqual(
      STRATEGIES.map(({ id }) => id).filter((id) => id !== 'whole-rollouts'),
    );
    const left = session.compare(orderId);
    await session.open([inputFile('a.jsonl', chatLine(0, 'x'))], DEFAULT_OPEN_SETTINGS, () => undefined);
    await expect(left).rejects.toThrow('no longer held');
  });
});

it('reports a record that no text can hold, and reads the others', async () => {
  const job = { source: 0, name: 'a.json', path: 'a.json', format: 'chat', reader: 'document' } as const;
  const good = new TextEncoder().encode(chatLine(0, 'x'));
  const records = { starts: Float64Array.of(0, 1e9), ends: Float64Array.of(good.length, 1.6e9) };
  const span = { start: 0, end: 1.6e9, records, firstIndex: 0 };
  const parser = makeParser();
  await parser.configure(DEFAULT_OPEN_SETTINGS);
  const source = {
    name: 'a.json',
    byteLength: 0,
    read: async (start: number, end: number) => (start === 0 ? good : new Uint8Array(end - start)),
  };
  const replies: ParseReply[] = [];
  for await (const reply of parser.run({ ...job, span }, source)) replies.push(reply);
  expect(replies.flatMap(({ issues }) => issues)).toMatchObject([
    { code: 'too-long', severity: 'record', address: { start: 1e9 }, found: '600,000,000 bytes' },
  ]);
  expect(replies.reduce((sum, { records }) => sum + records, 0)).toBe(2);
  expect(replies.reduce((sum, { batch }) => sum + (batch?.rollouts.length ?? 0), 0)).toBe(1);
});
