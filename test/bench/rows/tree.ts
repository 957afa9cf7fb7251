/** Building the prefix forest from token columns, against a Map trie here and a radix tree in Python. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrajectoryBatch } from '../../../src/core/model/batch.ts';
import { makeForestBuilder } from '../../../src/core/tree/build.ts';
import { freeze } from '../../../src/core/tree/freeze.ts';
import { makeTrajectories } from '../data/trajectories.ts';
import { insertIntoTrie, makeTrieForest, type TrieForest } from '../reference/map-trie.ts';
import { expectEqual, faster, inTurn, timed, type Row, type Scale } from './row.ts';

export function treeRows(root: string, scratch: string, scale: Scale): Row[] {
  const shape = scale.quick
    ? { tasks: 2, rollouts: 8, tokens: 3000, shared: 0.7, segment: 500 }
    : { tasks: 2, rollouts: 64, tokens: 30_000, shared: 0.7, segment: 500 };
  const batch = makeTrajectories(shape);
  scale.say(`building trees of ${batch.tokens.length} tokens`);
  const runs = scale.quick ? 1 : 7;
  const inserted = inTurn(
    runs,
    () => build(batch),
    () => buildTrie(batch),
  );
  const distinct = inserted.oursResult.pool.length;
  expectEqual('distinct tokens', distinct, inserted.referenceResult.distinct);
  let frozen = Infinity;
  for (let run = 0; run < runs; run++) frozen = Math.min(frozen, timed(() => freeze(inserted.oursResult)).ms);
  const what =
    `${shape.tasks} x ${shape.rollouts} trajectories of ${shape.tokens} tokens, 70 % shared, a segment every 500; ` +
    `${distinct} distinct on all sides; ${(batch.tokens.length / inserted.ours / 1000).toFixed(0)} Mtok/s`;
  const python = radixInPython(root, batch, scratch, runs);
  if (python !== null) expectEqual('distinct tokens in Python', distinct, python.distinct);
  return [
    faster('tree build (insert every trajectory) vs Map trie', inserted, '>= 50', `${what}; freezing takes ${frozen.toFixed(1)} ms more`),
    {
      name: 'tree build (insert every trajectory) vs SGLang-style radix tree in Python',
      value: inserted.ours,
      unit: 'ms',
      reference: python?.ms ?? NaN,
      ratio: (python?.ms ?? NaN) / inserted.ours,
      goal: '>= 15',
      note: python === null ? 'no python3 on this machine' : 'same trajectories',
    },
  ];
}

function build(batch: TrajectoryBatch): ReturnType<typeof makeForestBuilder> {
  const builder = makeForestBuilder();
  builder.add(batch);
  return builder;
}

function buildTrie(batch: TrajectoryBatch): TrieForest {
  const forest = makeTrieForest();
  for (let t = 0; t < batch.trajectoryRollout.length; t++) {
    insertIntoTrie(forest, batch.rollouts[t].task, batch.tokens.subarray(batch.trajectoryStart[t], batch.trajectoryStart[t + 1]));
  }
  return forest;
}

function radixInPython(root: string, batch: TrajectoryBatch, scratch: string, runs: number): { ms: number; distinct: number } | null {
  const numbers: number[] = [batch.trajectoryRollout.length];
  for (let t = 0; t < batch.trajectoryRollout.length; t++) {
    const ids = batch.tokens.subarray(batch.trajectoryStart[t], batch.trajectoryStart[t + 1]);
    numbers.push(Number(batch.rollouts[t].task.slice(1)), ids.length);
    for (const id of ids) numbers.push(id);
  }
  mkdirSync(scratch, { recursive: true });
  const path = join(scratch, 'trajectories.bin');
  writeFileSync(path, Int32Array.from(numbers));
  const { status, stdout } = spawnSync('python3', [join(root, 'test/bench/reference/radix_cache.py'), path, String(runs)], {
    encoding: 'utf8',
  });
  return status === 0 ? (JSON.parse(stdout) as { ms: number; distinct: number }) : null;
}
