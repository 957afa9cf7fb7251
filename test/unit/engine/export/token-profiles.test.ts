/** Rows of token ids for single trainers, of the sample at a budget; their weights are held to flat training in identity.test.ts. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { ChosenProfile, ExportSpec } from '../../../../src/engine/answers/exporting.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';
import { readTorchFile } from '../../../helpers/torchFile.ts';

const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);
const BUDGET = { cut: 0.3, train: 1 };
const { orderId } = session.order(DEFAULT_RULE);

async function written(...profiles: ChosenProfile[]) {
  const sink = memorySink();
  const spec: ExportSpec = { ...exportSpec(), profiles };
  const files = await session.export(orderId, BUDGET, spec, sink, () => undefined);
  return { rows: linesOf(sink.files.get(files[0].name)) as Record<string, number[]>[], files };
}

const flat = await written({ profile: 'trl-tokens' });

it('have three columns for axolotl and two for SkyRL, and the tokens and marks of trl-tokens', async () => {
  const axolotl = await written({ profile: 'axolotl-tokens' });
  expect(axolotl.rows).toEqual(flat.rows);
  expect(new Set(axolotl.rows.map((row) => Object.keys(row).join()))).toEqual(new Set(['input_ids,attention_mask,labels']));
  expect(axolotl.rows.every(({ attention_mask: mask }) => mask.every((value) => value === 1))).toBe(true);
  const skyrl = await written({ profile: 'skyrl' });
  expect(skyrl.rows).toEqual(
    flat.rows.map(({ input_ids: ids, labels }) => ({ input_ids: ids, loss_mask: labels.map((label) => (label === -100 ? 0 : 1)) })),
  );
  expect(skyrl.files[0].shortfalls).toEqual(flat.files[0].shortfalls);
});

it('stand together in packed rows, each from position 0 on, and the same on every run', async () => {
  const room = 2000;
  const packed = await written({ profile: 'trl-tokens', options: { packed: room } });
  expect(packed.files[0].records).toBe(packed.rows.length);
  expect(packed.rows.length).toBeLessThan(flat.rows.length / 2);
  const records = packed.rows.flatMap((row) => {
    expect(Object.keys(row)).toEqual(['input_ids', 'position_ids', 'labels', 'seq_lengths']);
    expect(row['input_ids'].length).toBeLessThanOrEqual(room);
    let at = 0;
    return row['seq_lengths'].map((length) => {
      const [ids, positions, labels] = ['input_ids', 'position_ids', 'labels'].map((name) => row[name].slice(at, at + length));
      at += length;
      expect(positions).toEqual([...ids.keys()]);
      return JSON.stringify({ ids, labels });
    });
  });
  const wanted = flat.rows.map(({ input_ids: ids, labels }) => JSON.stringify({ ids, labels }));
  const short = wanted.filter((_, i) => flat.rows[i]['input_ids'].length <= room);
  expect(records.toSorted()).toEqual(short.toSorted());
  const left = packed.files[0].shortfalls?.find(({ what }) => what.includes('longer than a packed row'));
  expect(left?.count ?? 0).toBe(wanted.length - short.length);
  expect(await written({ profile: 'trl-tokens', options: { packed: room } })).toEqual(packed);
});

it('are shown before they are written, also where a writer holds them', async () => {
  const spec: ExportSpec = { ...exportSpec(), profiles: [{ profile: 'trl-tokens', options: { packed: 10_000 } }] };
  const [preview] = await session.previewExport(orderId, BUDGET, spec);
  expect(preview.lines[0].text).toMatch(/^\{"input_ids":\[/);
  expect(preview.records).toBeNull();
  expect(preview.warnings.join()).toContain('each token trains once');
});

it('hold answers with log-probs and weighted advantages, token by token those of the tokens profile', async () => {
  const [replay, tokens] = [await written({ profile: 'trl-grpo-replay' }), await written({ profile: 'tokens' })];
  expect(replay.rows.length).toBe(tokens.rows.length);
  let trained = 0;
  for (const [r, row] of replay.rows.entries()) {
    const { input_ids: ids, weight, advantage, logprob } = tokens.rows[r];
    const start = row['prompt_ids'].length;
    expect([...row['prompt_ids'], ...row['completion_ids']]).toEqual(ids.slice(0, start + row['completion_ids'].length));
    expect(weight[start]).toBeGreaterThan(0);
    expect(row['loss_mask'].at(-1)).toBe(1);
    row['loss_mask'].forEach((mask, i) => {
      expect(mask).toBe(weight[start + i] > 0 ? 1 : 0);
      expect(row['advantage'][i]).toBeCloseTo(weight[start + i] * advantage[start + i], 12);
      if (mask === 1) expect(row['old_log_probs'][i]).toBe(logprob[start + i]);
      trained += mask;
    });
  }
  expect(trained).toBe(tokens.rows.reduce((sum, { weight }) => sum + weight.filter((value) => value > 0).length, 0));
});

it('stand in groups with a score for each record, in Atropos', async () => {
  const { rows, files } = await written({ profile: 'atropos' });
  const groups = rows as unknown as Record<string, number[][]>[];
  expect(files[0].records).toBe(groups.length);
  let members = 0;
  for (const group of groups) {
    members += group['tokens'].length;
    for (const [i, ids] of group['tokens'].entries()) {
      for (const column of ['masks', 'advantages', 'inference_logprobs']) expect(group[column][i]).toHaveLength(ids.length);
      group['masks'][i].forEach((mask, at) => expect(mask === -100 || mask === ids[at]).toBe(true));
      expect(group['masks'][i].some((mask, at) => mask !== -100 && group['inference_logprobs'][i][at] <= 0)).toBe(true);
      expect(group['masks'][i].every((mask, at) => mask !== -100 || group['inference_logprobs'][i][at] === 1)).toBe(true);
    }
  }
  const left = files[0].shortfalls?.find(({ what }) => what === 'records of unknown reward, left out');
  expect(members + (left?.count ?? 0)).toBe(flat.rows.length);
});

it('are samples of slime, whose reward is the advantage or the reward of their rollout', async () => {
  const read = async (reward: string) => {
    const sink = memorySink();
    const spec: ExportSpec = { ...exportSpec(), profiles: [{ profile: 'slime-rollouts', options: { reward } }] };
    const [file] = await session.export(orderId, BUDGET, spec, sink, () => undefined);
    expect(file.name).toBe('slime-rollouts/train-00000.pt');
    const { samples } = readTorchFile(sink.bytes.get(file.name) ?? Buffer.alloc(0)) as { samples: Sample[] };
    return { samples, file };
  };
  interface Sample {
    readonly tokens: number[];
    readonly response_length: number;
    readonly loss_mask: number[];
    readonly rollout_log_probs: number[];
    readonly reward: number;
    readonly group_index: number;
    readonly index: number;
    readonly metadata: { readonly task: string; readonly reward: number };
  }
  const [scaled, plain] = [await read('advantage'), await read('reward')];
  expect(scaled.samples.length).toBe(scaled.file.records);
  expect(scaled.samples.map(({ index }) => index)).toEqual([...scaled.samples.keys()]);
  expect(plain.samples.every(({ reward, metadata }) => reward === metadata.reward)).toBe(true);
  expect(new Set(scaled.samples.map(({ group_index: group, metadata }) => `${group} ${metadata.task}`)).size).toBe(
    new Set(scaled.samples.map(({ group_index: group }) => group)).size,
  );
  for (const { tokens, response_length: length, loss_mask: mask, rollout_log_probs: logged } of scaled.samples) {
    expect([mask.length, logged.length]).toEqual([length, length]);
    expect([mask[0], mask.at(-1)]).toEqual([1, 1]);
    expect(length).toBeLessThan(tokens.length);
    expect(logged.every((value, i) => value <= 0 && (mask[i] === 1 || value === 0))).toBe(true);
  }
  // Within a task, who has the greater reward has the greater advantage.
  for (const one of scaled.samples)
    for (const other of scaled.samples)
      if (one.group_index === other.group_index && one.metadata.reward > other.metadata.reward)
        expect(one.reward).toBeGreaterThan(other.reward);
});

it('have columns of one length, for the trainer of prime-rl and for PrefixGrouper', async () => {
  const samples = await written({ profile: 'prime-rl-samples', options: { loss: 'rl' } });
  for (const row of samples.rows) {
    const { token_ids: ids, mask, ...others } = row;
    for (const name of ['logprobs', 'temperatures', 'advantages', 'rl_weights']) expect(others[name]).toHaveLength(ids.length);
    expect(mask.map(Boolean)).toEqual(row['rl_weights'].map((weight) => weight > 0));
    expect(others['ce_weights']).toBeUndefined();
    expect(row['logprobs'].every((value, i) => (mask[i] ? value <= 0 : value === 0))).toBe(true);
  }
  const plain = await written({ profile: 'prime-rl-samples' });
  expect(plain.rows.map(({ ce_weights: weights }) => weights)).toEqual(samples.rows.map(({ rl_weights: weights }) => weights));
  expect(plain.rows.every(({ rl_weights: weights, advantages }) => [...weights, ...advantages].every((value) => value === 0))).toBe(true);
  const groups = await written({ profile: 'prefix-grouper' });
  let members = 0;
  for (const group of groups.rows as unknown as Record<string, number[][]>[]) {
    expect(group['prompt_ids'].length).toBeGreaterThan(50);
    members += group['completion_ids'].length;
    for (const name of ['weights', 'advantages', 'old_log_probs'])
      expect(group[name].map(({ length }) => length)).toEqual(group['completion_ids'].map(({ length }) => length));
  }
  expect(members).toBe(samples.rows.length);
  expect(groups.files[0].records).toBe(groups.rows.length);
});
