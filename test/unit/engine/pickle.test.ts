/** Pickles and files of torch as logs: read as data, with views, shared storages and bfloat16. Nothing is executed; damage is an issue. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { browserRun } from '../../../src/engine/bindings/browser-run.ts';
import { plainValue } from '../../../src/engine/pickle/plain-values.ts';
import { PersistentId, PickledName, PickledObject, unpickle } from '../../../src/engine/pickle/unpickle.ts';
import { pickle, torch } from '../../../src/engine/readers/pickle.ts';
import { decodeRecord } from '../../../src/formats/detect.ts';
import { paddedBatch } from '../../../src/formats/padded-batch.ts';
import { slime } from '../../../src/formats/slime.ts';
import type { Rollout } from '../../../src/core/model/rollout.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';
import { rolloutsOf } from '../../helpers/rolloutsOf.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/pickle/', import.meta.url));
const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(FIXTURES + name));
const valueOf = (name: string): unknown => plainValue(unpickle(fixture(name)).value);

/** A list that holds one text, or one bytes, of a megabyte so many times. */
function sharedOften(code: string, times: number): Uint8Array {
  const size = 1 << 20;
  const head = [0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(`](${code}`, 'latin1'), 0, 0, size >> 16, 0];
  const again = Array.from({ length: times - 1 }, () => [...Buffer.from('h\0', 'latin1')]).flat();
  return Uint8Array.from([...head, ...new Uint8Array(size).fill(0x61), 0x94, ...again, ...Buffer.from('e.', 'latin1')]);
}

/** Column of all tokens of a rollout's only branch, as plain numbers. */
function column(rollout: Rollout, key: 'ids' | 'mask' | 'logprobs' | 'advantages'): number[] {
  return rollout.branches[0]!.events.flatMap(({ tokens }) =>
    Array.from(tokens?.[key] ?? new Array<number>(tokens?.ids?.length ?? 0).fill(0)),
  );
}

async function decodedOf(name: string, format: typeof slime): Promise<Rollout[]> {
  const content = await torch.readAgain(bytesSource(name, Uint8Array.from(fixture(name))), { unit: 'bytes', start: 0, size: 0, member: 0 });
  const entries = decodeRecord(format, 'value' in content ? content.value : content, { name, path: name, index: 0, line: 0 });
  return entries.map((entry) => {
    if (!entry.ok) throw new Error(entry.complaint.found);
    return entry.rollout;
  });
}

describe('a pickle', () => {
  it('is data in every protocol', () => {
    expect(valueOf('zero.pkl')).toEqual({
      text: 'aé',
      n: '1180591620717411303424',
      list: [1, -1, 1.5, null, true],
      tuple: [1, [2, 3]],
      bytes: 'ab',
      set: [1],
    });
  });

  it('executes nothing: what it would call is an object of that name', async () => {
    expect(valueOf('evil.pkl')).toMatchObject({
      run: { 'py/object': 'posix.system', 'py/args': ['echo executed'] },
      shared: [['again'], ['again']],
    });
    const { facts } = await openSession([inputFile('evil.pkl', fixture('evil.pkl'))]);
    expect(facts.inputs).toMatchObject([{ format: 'chat', records: 1, rollouts: 1 }]);
  });

  it.each([
    ['loop.pkl', 'a value inside itself'],
    ['bomb.pkl', 'once each is written out'],
    ['old.pkl', 'old form'],
  ])('is an issue where it has no end, or another form: %s', async (name, found) => {
    const { session, facts } = await openSession([inputFile(name, fixture(name))]);
    expect(facts).toMatchObject({ rollouts: 0, issues: 1 });
    expect(session.issues(0, 1).issues[0]?.found).toContain(found);
  });

  it('has arrays of NumPy in every protocol, of numbers, texts and objects', () => {
    expect(valueOf('numpy-protocol-2.pkl')).toEqual({
      a: Int32Array.of(1, 2, 3),
      t: [
        ['ab', 'ç😀'],
        ['', 'd'],
      ],
      o: ['ab', null],
      s: 1.5,
      b: 'café',
      e: '',
      big: Int32Array.of(1, 2),
    });
    expect(valueOf('numpy-protocol-5.pkl')).toEqual({
      a: Int32Array.of(1, 2, 3),
      t: [
        ['ab', 'ç😀'],
        ['', 'd'],
      ],
      f: [Int32Array.of(1, 2, 3), Int32Array.of(4, 5, 6)],
      c: [[Int32Array.of(0, 3)], [Int32Array.of(1, 4)], [Int32Array.of(2, 5)]],
      s: ['ab', 'c'],
      n: 'hé',
    });
  });

  it('has arrays of NumPy whose axes lie in another order', () => {
    const { k } = valueOf('numpy-axes.pkl') as { k: Int32Array[][] };
    expect(k.map((rows) => rows.map((row) => row[0]))).toEqual([
      [0, 12],
      [4, 16],
      [8, 20],
    ]);
    expect(k[2]?.[1]).toEqual(Int32Array.of(20, 21, 22, 23));
  });

  it.each([
    ['complex', 'c16'],
    ['dates', 'M8'],
    ['records', 'V12'],
  ])('throws where an array is of a type that it cannot read: %s', (name, type) => {
    expect(() => valueOf(`numpy-${name}.pkl`)).toThrow(`a NumPy array of type ${type}`);
  });

  it.each([
    ['text', 'X'],
    ['bytes', 'B'],
  ])('is an issue where a small file stands for much: shared %s', async (_, code) => {
    const { session, facts } = await openSession([inputFile('shared.pkl', sharedOften(code, 100))]);
    expect(facts).toMatchObject({ rollouts: 0, issues: 1 });
    expect(session.issues(0, 1).issues[0]).toMatchObject({ code: 'damaged-pickle' });
    expect(session.issues(0, 1).issues[0]?.found).toContain('bytes once each value is written out');
  });

  it('is damaged where an array without a stride stands for many numbers, or for many lists', () => {
    const storage = new PersistentId(['storage', new PickledName('torch.FloatStorage'), '0', 'cpu', 1]);
    for (const shape of [
      [4_000_000, 1],
      [1, 10_000_000],
    ]) {
      const tensor = new PickledObject('torch._utils._rebuild_tensor_v2', [storage, 0, shape, [0, 0]]);
      expect(() => plainValue(tensor, 1000, () => new Uint8Array(4))).toThrow('bytes once each value is written out');
    }
  });

  it('decodes shared bytes once', () => {
    const { value } = unpickle(sharedOften('B', 60));
    const decode = vi.spyOn(TextDecoder.prototype, 'decode');
    const list = plainValue(value, 1 << 20) as string[];
    const long = decode.mock.calls.filter(([bytes]) => (bytes?.byteLength ?? 0) >= 1 << 20);
    decode.mockRestore();
    expect(list.map(({ length }) => length)).toEqual(new Array(60).fill(1 << 20));
    expect(long.length).toBeLessThanOrEqual(2);
  });

  it('reads no list as a name, of which the text would have no end', () => {
    let list: unknown[] = ['x'];
    for (let level = 0; level < 60; level++) list = [list, list];
    const dtype = new PickledObject('numpy.dtype', [list]);
    expect(() => plainValue(new PickledObject('numpy._core.multiarray.scalar', [dtype, new Uint8Array(8)]))).toThrow('no name');
  });

  it('never throws anything else, whatever bytes are wrong', async () => {
    for (const [reader, name] of [
      [pickle, 'evil.pkl'],
      [pickle, 'zero.pkl'],
      [torch, 'experience.pt'],
      [torch, 'dump.pt'],
    ] as const) {
      const bytes = fixture(name);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
          fc.nat(bytes.length),
          async (flips, cut) => {
            const damaged = Uint8Array.from(cut % 3 === 0 ? bytes.subarray(0, cut) : bytes);
            for (const [at, byte] of flips) if (at < damaged.length) damaged[at] = byte;
            const content = await reader.readAgain(bytesSource(name, damaged), { unit: 'bytes', start: 0, size: 0, member: 0 });
            expect('value' in content || 'fault' in content).toBe(true);
          },
        ),
        { numRuns: 150 },
      );
    }
  });
});

describe('a batch of torch', () => {
  it('gives a rollout for each row: padding is left out, and a log-prob of 0 stays', async () => {
    const [first, second] = await decodedOf('batch.pt', paddedBatch);
    expect(column(first!, 'ids')).toEqual([11, 12, 21, 22, 23, 24]);
    expect(column(first!, 'mask')).toEqual([0, 0, 1, 1, 1, 1]);
    expect(column(first!, 'logprobs').slice(2)).toEqual([-0.5, 0, -1.5, -0.25]);
    expect(first).toMatchObject({ advantage: 1, reward: null });
    expect(column(second!, 'ids')).toEqual([9, 10, 11, 12, 21, 22, 25, 26]);
    expect(second).toMatchObject({ advantage: 0 });
    expect(first!.task).not.toBe(second!.task);
  });

  it('honours views, shared storages, halves and bfloat16', async () => {
    const content = await torch.readAgain(bytesSource('e.pt', Uint8Array.from(fixture('experience.pt'))), {
      unit: 'bytes',
      start: 0,
      size: 0,
      member: 0,
    });
    expect(content).toMatchObject({ value: { values: Float64Array.of(1.5, -2), info: { reward: Float64Array.of(1, 0.5) } } });
    const [first, second] = await decodedOf('experience.pt', paddedBatch);
    expect(column(first!, 'ids')).toEqual([5, 6, 7, 8, 9]);
    expect(column(first!, 'logprobs').slice(2)).toEqual([-1, -2, -3]);
    expect(column(second!, 'ids')).toEqual([4, 5, 6, 7, 8]);
    expect(column(second!, 'logprobs').slice(3)).toEqual([-4, -5]);
    expect([first!.reward, second!.reward]).toEqual([1, 0.5]);
  });

  it('of slime has tokens, masks, log-probs and versions of each sample', async () => {
    const [first, second] = await decodedOf('dump.pt', slime);
    expect(column(first!, 'ids')).toEqual([1, 2, 3, 4, 5]);
    expect(column(first!, 'mask')).toEqual([0, 0, 1, 0, 1]);
    expect(first).toMatchObject({ id: '7/0', reward: 1, status: 'completed', policy: '3-4' });
    expect(column(second!, 'mask')).toEqual([0, 0, 1, 1, 1]);
    expect(second).toMatchObject({ id: '7/1', reward: 0 });
  });

  it('reads back what our own slime export writes, token for token', async () => {
    const { session } = await openSession([inputFile('dump.pt', fixture('dump.pt'))]);
    const sink = memorySink();
    await session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec('slime-rollouts'), sink, () => undefined);
    const [name] = [...sink.bytes.keys()].filter((each) => each.endsWith('.pt'));
    const { facts } = await openSession([inputFile('again.pt', sink.bytes.get(name!)!)]);
    expect(facts.inputs).toMatchObject([{ format: 'slime', rollouts: 2, issueCount: 0 }]);
  });
});

describe('a run of a browser agent', () => {
  const step = (n: number): ReturnType<typeof inputFile> => inputFile(`runs/x_on_web.task_3/step_${n}.pkl.gz`, fixture(`step_${n}.pkl.gz`));

  it('is one rollout of its folder, with a branch for each call', async () => {
    const other = inputFile('runs/x_on_web.task_3/summary_info.json', '{"n_steps": 2, "cum_reward": 1.0}');
    const files = [step(2), step(0), other, step(1)];
    const { facts } = await openSession(files);
    expect(facts.inputs).toMatchObject([{ name: 'runs/x_on_web.task_3', format: 'browser-steps', records: 1, rollouts: 1, issueCount: 0 }]);
    const [rollout] = await rolloutsOf(files);
    expect(rollout).toMatchObject({ task: 'web.task_3', reward: 1, status: 'terminated' });
    expect(rollout?.branches.map(({ events }) => events.at(-1)?.parts[0]?.text)).toEqual(['I tick it.', 'I submit.']);
    expect(rollout?.branches[0]?.events.at(-1)?.time).toBe(1730898586);
  });

  it('keeps its other steps where one cannot be read', async () => {
    const torn = inputFile('runs/x_on_web.task_3/step_1.pkl.gz', fixture('step_1.pkl.gz').subarray(0, 40));
    const { session, facts } = await openSession([step(0), torn]);
    expect(facts).toMatchObject({ rollouts: 1 });
    expect(session.issues(0, 9).issues.map(({ code }) => code)).toEqual(expect.arrayContaining(['unreadable-file', 'step']));
  });

  it('keeps its other steps where one comes to more text than an engine holds', async () => {
    const stringify = JSON.stringify;
    let asked = 0;
    const spy = vi.spyOn(JSON, 'stringify').mockImplementation((...given: Parameters<typeof stringify>) => {
      if (typeof given[1] === 'function' && ++asked === 2) throw new RangeError('Invalid string length');
      return stringify(...given);
    });
    const { session, facts } = await openSession([step(0), step(1)]).finally(() => spy.mockRestore());
    expect(facts).toMatchObject({ rollouts: 1 });
    expect(
      session
        .issues(0, 9)
        .issues.map(({ found }) => found)
        .join('\n'),
    ).toContain('Invalid string length');
  });

  it('looks at each path once', () => {
    let looks = 0;
    class Paths extends Array<string> {
      override filter(): never {
        throw new Error('filtered');
      }
      override includes(): never {
        throw new Error('looked through');
      }
      override *[Symbol.iterator](): ArrayIterator<string> {
        for (let i = 0; i < this.length; i++) {
          looks++;
          yield this[i]!;
        }
      }
    }
    const paths = new Paths();
    for (let i = 0; i < 20; i++) paths.push(`r${i}/step_0.pkl.gz`, `r${i}/exp_args.pkl`, `r${i}/step_1.pkl.gz`, `r${i}/summary_info.json`);
    const bound = browserRun.bind(paths);
    expect(bound).toHaveLength(20);
    expect(bound[3]).toMatchObject({ passed: ['r3/exp_args.pkl'], records: [{ files: [{}, {}, { key: 'summary' }] }] });
    expect(looks).toBe(80);
  });

  it('is a rollout for a step that comes alone', async () => {
    const { facts } = await openSession([step(0)]);
    expect(facts.inputs).toMatchObject([{ format: 'browser-steps', rollouts: 1 }]);
  });
});

describe.skipIf(!existsSync(DATA))('real files', () => {
  it.each(['data_to_save_0_0.pt', 'data_to_save_3_3.pt'])('%s has two rows with a log-prob at each of 2,048 places', async (name) => {
    const bytes = readFileSync(`${DATA}pt/prime-rl/${name}`);
    const content = await torch.readAgain(bytesSource(name, Uint8Array.from(bytes)), { unit: 'bytes', start: 0, size: 0, member: 0 });
    const entries = decodeRecord(paddedBatch, 'value' in content ? content.value : null, { name, path: name, index: 0, line: 0 });
    expect(entries).toHaveLength(2);
    for (const entry of entries) {
      const logprobs = entry.ok ? column(entry.rollout, 'logprobs') : [];
      expect(logprobs.filter((value) => value <= 0).length).toBeGreaterThanOrEqual(2048);
    }
  });
  it('opens a folder of AgentLab with each file accounted for', async () => {
    const folder = readdirSync(`${DATA}agentlab`).find((name) => name.includes('miniwob'))!;
    const names = readdirSync(`${DATA}agentlab/${folder}`);
    const { facts } = await openSession(
      names.map((name) => inputFile(`${folder}/${name}`, readFileSync(`${DATA}agentlab/${folder}/${name}`))),
    );
    expect(facts.inputs).toMatchObject([{ format: 'browser-steps', records: 1, rollouts: 1 }]);
    expect(names).toHaveLength(7);
  });
});
