import fc from 'fast-check';
import { expect, it } from 'vitest';
import { policyLabels } from '../../../../src/app/views/transcript/policy-label.ts';
import { open } from '../../../../src/cli/api.ts';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { sampledAt } from '../../../../src/core/tree/sampled.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { lagsOf, versionsOf } from '../../../../src/engine/rollouts/versions.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../../helpers/openSession.ts';
import { readTorchFile } from '../../../helpers/torchFile.ts';
import { openDataset } from '../../../helpers/openDataset.ts';

const line = (id: string, fields: object, ...turns: readonly { readonly content: string; readonly policy_version?: number }[]): string =>
  `${JSON.stringify({
    id,
    task_id: 'one',
    ...fields,
    messages: turns.flatMap((turn) => [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', ...turn },
    ]),
  })}\n`;

function numbers(session: Session, id: string): (number | null)[] {
  const column = session.rollouts().columns.find((each) => each.id === id);
  return column?.type === 'number' ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)) : [];
}

async function labelsOf(session: Session, rollout: number): Promise<string[]> {
  const { keys } = session.rollouts();
  const transcript = await session.transcript(keys[rollout], 0, null);
  if (transcript?.versions == null) return [];
  const { versions, tokenStart, length, flags } = transcript;
  return Array.from({ length }, (_, part) => part)
    .filter((part) => (flags[part] & 1) !== 0)
    .map((part) => policyLabels(versions, tokenStart[part], tokenStart[part + 1]).join('; '));
}

const LOG = [
  line('a', { policy_version: 5, status: 'aborted' }, { content: 'One.' }),
  line('b', { policy_version: 7, status: 'completed' }, { content: 'Two.' }),
  // The same rollout, which went on under newer weights.
  line('a', { policy_version: 7, status: 'completed' }, { content: 'One.' }, { content: 'And on.' }),
  line('c', { policy_version: '6-7' }, { content: 'One.', policy_version: 6 }, { content: 'More.', policy_version: 8 }),
  line('d', { policy_version: '5-7' }, { content: 'Some.' }),
].join('');

it('makes one rollout of what paused and went on, with the version of each turn', async () => {
  const { session, facts } = await openSession([inputFile('a.jsonl', LOG)]);
  expect(facts).toMatchObject({ rollouts: 4, repeated: { merged: 1, copies: 0 }, inputs: [{ records: 5, rollouts: 5, mergedCount: 1 }] });
  expect(numbers(session, 'records')).toEqual([1, 2, 1, 1]);
  expect(await labelsOf(session, 1)).toEqual(['off-policy: version 5, 3 versions behind', 'off-policy: version 7, 1 version behind']);
  expect(await labelsOf(session, 2)).toEqual(['off-policy: version 6, 2 versions behind', 'on-policy: version 8']);
  expect(await labelsOf(session, 3)).toEqual(['off-policy: versions 5 to 7, 1 to 3 versions behind']);
  expect(numbers(session, 'lag')).toEqual([1, 3, 2, 3]);
  // Of a span it is not told which version sampled which token.
  expect(numbers(session, 'lag_mean')[3]).toBe(null);
  expect(numbers(session, 'off_policy').map((share) => share === 1)).toEqual([true, true, false, true]);
});

it('compares with the version that is chosen', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)], { policyVersion: 7 });
  expect(await labelsOf(session, 1)).toEqual(['off-policy: version 5, 2 versions behind', 'on-policy: version 7']);
  expect(await labelsOf(session, 2)).toEqual(['off-policy: version 6, 1 version behind', 'off-policy: version 8, 1 version ahead']);
  expect(await labelsOf(session, 3)).toEqual(['on- or off-policy: versions 5 to 7']);
  expect(numbers(session, 'lag')).toEqual([0, 2, 1, 2]);
  expect(numbers(session, 'off_policy')).toMatchObject([0, {}, 1, null]);
  const acts = [{ verb: 'drop', where: 'off_policy>0', isOn: true }] as const;
  expect(session.order({ ...DEFAULT_RULE, acts }).acts?.rollouts).toMatchObject({ total: 4, dropped: 2 });
});

const lagsById = (session: Session): Map<string, unknown> => {
  const ids = session.rollouts().columns.find(({ id }) => id === 'id');
  const names = ids?.type === 'text' ? Array.from(ids.codes, (code) => ids.words[code] ?? '') : [];
  return new Map(names.map((id, r) => [id, ['lag', 'lag_mean', 'off_policy'].map((column) => numbers(session, column)[r])]));
};

it('tells the same of a forest export that is opened again', async () => {
  const { session } = await openSession([inputFile('a.jsonl', LOG)]);
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  const [file] = await session.export(orderId, { cut: 1, train: 1 }, exportSpec('forest'), sink, () => undefined);
  const text = sink.files.get(file.name) ?? '';
  const again = await openSession([inputFile('forest.jsonl', text)]);
  expect(again.facts.issues).toBe(0);
  expect(lagsById(session).size).toBe(4);
  expect(lagsById(again.session)).toEqual(lagsById(session));

  // Versions that are none, and a branch that no export numbers so.
  const { sha256: _, ...record } = JSON.parse(text) as { sha256: string; trajectories: { rollout: string }[] };
  const withEach = (change: object): string =>
    JSON.stringify({ ...record, espalier_forest: 3, trajectories: record.trajectories.map((each) => ({ ...each, ...change })) });
  for (const versions of [
    [[2, 5]],
    [[2]],
    ['2'],
    [
      [3, '5'],
      [3, '6'],
    ],
    [[-1, '5']],
  ]) {
    const { facts } = await openSession([inputFile('forest.jsonl', withEach({ versions }))]);
    expect(facts).toMatchObject({ rollouts: 0, issues: 4 });
  }
  const far = await openSession([inputFile('forest.jsonl', withEach({ branch: 2_000_000_000, versions: [[1, '5']] }))]);
  expect(far.facts.rollouts).toBe(4);
  expect(far.session.issues(0, 9).issues.map(({ code }) => code)).toContain('forest-versions');
});

it('is asked for on the command line', async () => {
  const dataset = await open([{ name: 'a.jsonl', bytes: new TextEncoder().encode(LOG) }]);
  const { plots } = await dataset.statistics({ draws: 0 });
  const valueOf = (id: string): number | undefined => plots.find((plot) => plot.id === id)?.value[0];
  const off = numbers((await openSession([inputFile('a.jsonl', LOG)])).session, 'off_policy');
  expect(valueOf('off-policy')).toBeCloseTo(off.reduce<number>((sum, share) => sum + (share ?? 0), 0) / 4, 12);
  expect(valueOf('policy-lag')).toBeGreaterThan(1);
});

const sample = (index: number, reward: number | null, fields: object): object => ({ index, group_index: 0, reward, ...fields });

it('reads and writes a version for each call of slime, and merges a sample of another step that went on', async () => {
  const log = (rollout: number, ...samples: readonly object[]): string => JSON.stringify({ rollout_id: rollout, samples });
  const tokens = { tokens: [1, 2, 3, 4, 5], response_length: 3, loss_mask: [1, 0, 1], rollout_log_probs: [-0.5, 0, -0.25] };
  const whole = sample(1, 1, { ...tokens, weight_versions: ['3', '4'], status: 'completed' });
  const other = sample(2, 0, { ...tokens, tokens: [1, 2, 3, 4, 9], weight_versions: ['4', '4'], status: 'completed' });
  // What was aborted is not judged.
  const paused = sample(1, null, {
    tokens: [1, 2, 3],
    response_length: 1,
    loss_mask: [1],
    rollout_log_probs: [-0.5],
    weight_versions: ['3'],
    status: 'aborted',
  });
  const files = [inputFile('6.json', log(6, paused)), inputFile('7.json', log(7, whole, other))];
  const { session, facts } = await openSession(files);
  expect(facts).toMatchObject({ rollouts: 2, repeated: { merged: 1 } });
  expect(numbers(session, 'off_policy')).toEqual([0.5, 0]);
  const sink = memorySink();
  const spec = { ...exportSpec(), profiles: [{ profile: 'slime-rollouts', options: { reward: 'reward' } }] };
  const { orderId } = session.order(DEFAULT_RULE);
  const [file] = await session.export(orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  expect(JSON.parse(sink.files.get('manifest.json') ?? '')).toMatchObject({ totals: { rollouts: { total: 2 }, merged_parts: 1 } });
  const { samples } = readTorchFile(sink.bytes.get(file.name) ?? Buffer.alloc(0)) as {
    samples: { tokens: number[]; weight_versions: string[] }[];
  };
  expect(samples.map(({ tokens: ids, weight_versions: versions }) => [ids.at(-1), versions])).toEqual([
    [5, ['3', '4']],
    [9, ['4', '4']],
  ]);
});

it('has none of it where no version is a number', async () => {
  const { session } = await openSession([inputFile('a.jsonl', line('a', { policy_version: 'gpt-4' }, { content: 'One.' }))]);
  expect(session.rollouts().columns.some(({ id }) => ['lag', 'lag_mean', 'off_policy', 'records'].includes(id))).toBe(false);
  expect(await labelsOf(session, 0)).toEqual([]);
});

it('counts what counting token by token counts, of rollouts and of nodes', async () => {
  const turn = fc.record({ content: fc.constantFrom('One.', 'Two.', 'One. Two.'), policy_version: fc.option(fc.constantFrom(1, 2, 3)) });
  const rollout = fc.record({ turns: fc.array(turn, { minLength: 1, maxLength: 3 }), policy: fc.constantFrom(1, 3, '1-3', 'model') });
  await fc.assert(
    fc.asyncProperty(fc.array(rollout, { minLength: 1, maxLength: 6 }), async (given) => {
      const text = given.map(({ turns, policy }, i) =>
        line(
          `r${i}`,
          { policy_version: policy },
          ...turns.map(({ content, policy_version: own }) => ({ content, ...(own === null ? {} : { policy_version: own }) })),
        ),
      );
      const files = [inputFile('a.jsonl', text.join(''))];
      const dataset = await openDataset(files);
      const { forest } = dataset.tokens;
      const { target, runsOf } = versionsOf(dataset);
      const behind = new Map<number, number[]>();
      const ofRollout = given.map((): number[] => []);
      for (let t = 0; t < forest.trajectories.length; t++) {
        for (let n = forest.trajectories.leaf[t]; n !== NONE; n = forest.parent[n]) {
          const length = forest.edgeStart[n + 1] - forest.edgeStart[n];
          for (let at = forest.depth[n]; at < forest.depth[n] + length; at++) {
            const version = runsOf(t).find(({ to }) => at < to)?.version ?? '';
            if (!/^\d$/.test(version) || !sampledAt(forest.trajectories, t, at)) continue;
            behind.set(n, [...(behind.get(n) ?? []), (target ?? 0) - Number(version)]);
            ofRollout[forest.trajectories.rollout[t]].push((target ?? 0) - Number(version));
          }
        }
      }
      const sum = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0);
      expect(lagsOf(dataset)?.map(({ told, behind: own }) => [told, own]) ?? []).toEqual(
        target === null ? [] : ofRollout.map((own) => [own.length, sum(own)]),
      );
      const { session } = await openSession(files);
      const [head = '', ...rows] = session.nodesCsv(session.order(DEFAULT_RULE).orderId, 0, 1e6).trim().split('\r\n');
      const column = head.split(',').indexOf('policy-lag');
      rows.forEach((row, n) => {
        const own = behind.get(n);
        const cell = row.split(',')[column];
        if (own === undefined) expect(cell).toBe('');
        else expect(Number(cell)).toBeCloseTo(sum(own) / own.length, 5);
      });
    }),
    { numRuns: 30 },
  );
}, 60_000);
