/** Pickles and files of torch as logs: read as data, with views, shared storages and bfloat16. Nothing is executed; damage is an issue. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { plainValue } from '../../../src/engine/pickle/plain-values.ts';
import { unpickle } from '../../../src/engine/pickle/unpickle.ts';
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
