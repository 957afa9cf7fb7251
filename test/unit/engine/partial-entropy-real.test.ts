/** A real log, half of whose tasks have entropy: a cut must not keep whole tasks that nobody scored at the cost of those that are. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NONE } from '../../../src/core/model/kinds.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { coverageText } from '../../../src/engine/words/signal.ts';
import { applyBudget, keepAnswer, makeRuling, orderAnswer } from '../../../src/engine/ruling.ts';
import { openDataset } from '../../helpers/openDataset.ts';
import { inputFile } from '../../helpers/openSession.ts';

const LOG = '../shared/data/tau2/gpt-4.1-2025-04-14_telecom_no-user_gpt-4.1-2025-04-14_4trials_5tasks.json';

it.skipIf(!existsSync(LOG))('keeps about half of each task, and says where no end of a rollout is among it', async () => {
  const dataset = await openDataset([inputFile('telecom.json', readFileSync(LOG))]);
  const { forest } = dataset.tokens;
  const tasks = forest.treeStart.length - 1;
  expect(tasks).toBe(5);
  const isScored = (task: number): boolean => task < tasks / 2;
  // As a run of a model that was cancelled: low entropy mostly, high at one token in eight.
  const entropy = new Float32Array(forest.edgeTokens.length).fill(NaN);
  for (let task = 0; task < tasks; task++)
    for (let n = forest.treeStart[task]!; n < forest.treeStart[task + 1]!; n++)
      if (isScored(task) && forest.sampledCount[n]! > 0)
        for (let at = forest.edgeStart[n]!; at < forest.edgeStart[n + 1]!; at++) entropy[at] = at % 8 === 0 ? 2 : 0.05;
  const none = new Float32Array(entropy.length).fill(NaN);
  const source = { name: 'm', dtype: null, devices: [] };
  const scored = entropy.filter((value) => !Number.isNaN(value)).length;
  const model = { entropy, surprisal: none, gradient: none, source, by: null, scored, windows: null, sketches: null };
  for (const strategy of [DEFAULT_RULE.strategy, 'best-first'] as const) {
    const ruling = makeRuling(dataset, { ...DEFAULT_RULE, strategy }, 1, model);
    const keep = applyBudget(ruling, { cut: 0.5, train: 1 });
    const shares: number[] = [];
    for (let task = 0; task < tasks; task++) {
      let [kept, all] = [0, 0];
      for (let n = forest.treeStart[task]!; n < forest.treeStart[task + 1]!; n++) {
        const tokens = forest.edgeStart[n + 1]! - forest.edgeStart[n]!;
        all += tokens;
        if (ruling.order.rank[n]! < keep.cut.limit[task]!) kept += tokens;
      }
      shares.push(kept / all);
    }
    for (const share of shares) {
      expect(share).toBeLessThanOrEqual(0.5);
      expect(share).toBeGreaterThan(0.25);
    }
    // Half of a task may leave no end of it, as it may where all is scored; it is the same for both halves, and never silent.
    const [ofScored, ofOthers] = finals(ruling.order.rank, keep.cut.limit);
    expect(ofScored, strategy).toBe(ofOthers);
    const warnings = keepAnswer(ruling, keep).warnings.map(({ code }) => code);
    if (!ofScored) expect(warnings).toContain('tasks-without-endings');
    // What is not known is not counted as retained, and the page says how much is known.
    const { signal } = orderAnswer(ruling);
    expect(signal).toMatchObject({ fill: 'mean', isSplit: true });
    expect(coverageText(signal)).toMatch(/^entropy known for \d\d\.\d % of sampled tokens; /);
    const answer = keepAnswer(ruling, keep);
    expect(answer.signal.kept).toBeLessThan(answer.signal.total);
  }
  /** Whether a final turn of a rollout of reward 1 is kept: among tasks that are scored, and among those that are not. */
  function finals(rank: Int32Array, limit: ArrayLike<number>): boolean[] {
    const found = [false, false];
    const { leaf, reward } = forest.trajectories;
    for (let t = 0; t < leaf.length; t++) {
      const node = leaf[t]!;
      const task = forest.treeStart.findLastIndex((start) => start <= node);
      if (reward[t] === 1 && node !== NONE && rank[node]! < limit[task]!) found[isScored(task) ? 0 : 1] = true;
    }
    return found;
  }
});
