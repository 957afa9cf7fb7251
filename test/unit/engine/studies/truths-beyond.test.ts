/** What lies beyond deviation, also where rollouts have several branches: node by node, as it is defined. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { nodeKeyOf } from '../../../../src/core/model/node-key.ts';
import { unpackBranchEnds } from '../../../../src/core/tokens/event-ends.ts';
import { DEFAULT_TRUTHS } from '../../../../src/core/truths/settings.ts';
import { trajectoriesThrough } from '../../../../src/core/tree/navigate.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../../src/engine/answers/opening.ts';
import { truthsBeyond } from '../../../../src/engine/studies/truths/beyond.ts';
import { studyTruths } from '../../../../src/engine/studies/truths/study.ts';
import { madeCalls } from '../../../../src/engine/surveys/made-calls.ts';
import { makeSurveys } from '../../../../src/engine/surveys/session-surveys.ts';
import { openDataset } from '../../../helpers/openDataset.ts';
import { inputFile } from '../../../helpers/openSession.ts';
import { unorderedPool } from '../../../helpers/unorderedPool.ts';

const FOLDERS = ['agent-lightning', 'nemo-gym', 'prime-rl-tokens', 'verifiers-traces', 'treerl', 'atif', 'letta', 'langfuse', 'chat'];

it('is what only trajectories pass whose rollout has deviated before', async () => {
  const never = new AbortController().signal;
  let ofSeveral = 0;
  let nodes = 0;
  for (const folder of FOLDERS.map((name) => join('test/fixtures', name))) {
    const files = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.jsonl?$/.test(entry.name) && !entry.name.endsWith('.expected.json'))
      .map(({ name }) => inputFile(name, readFileSync(join(folder, name))));
    const plain = await openDataset(files);
    // No rollout does what is right, so each that calls anything deviates.
    const settings = { ...DEFAULT_TRUTHS, tools: 'all' as const };
    const pool = unorderedPool(2, 1);
    await pool.configure(DEFAULT_OPEN_SETTINGS);
    const surveys = makeSurveys({ dataset: () => dataset, pool, opened: () => Promise.resolve() });
    const { beside, ...opening } = plain.opening;
    const references = plain.tokens.tasks.map(({ key }) => ({ task: key, from: 'x', actions: [{ tool: 'none of these', args: '{}' }] }));
    const dataset = { ...plain, opening: { ...opening, beside: { ...beside, references } } };
    const study = await studyTruths(await surveys.ask(madeCalls, null, never), settings, never);
    const { forest, rollouts } = dataset.tokens;
    for (const threshold of [0, 1, 3]) {
      const stopOf = (r: number) => {
        const deviation = study.deviations[r];
        const at = deviation?.costs.findIndex((cost) => cost > threshold * 720_720) ?? NONE;
        return study.made[r]?.calls[study.measured[r]?.compared[deviation?.calls[at] ?? NONE] ?? NONE];
      };
      const isBeyond = (n: number): boolean =>
        [...trajectoriesThrough(forest, n)].every((t) => {
          const r = forest.trajectories.rollout[t] ?? 0;
          const branch = forest.trajectories.branch[t] ?? 0;
          const stop = stopOf(r);
          if (stop === undefined || branch < stop.branch) return false;
          if (branch > stop.branch) ofSeveral++;
          const end = unpackBranchEnds(rollouts[r]?.eventEnds ?? '')[branch]?.[stop.event] ?? Infinity;
          return branch > stop.branch || (forest.depth[n] ?? 0) >= end;
        });
      const beyond = Array.from({ length: forest.length }, (_, n) => isBeyond(n));
      const top = beyond.flatMap((is, n) => (is && !(beyond[forest.parent[n] ?? NONE] ?? false) ? [nodeKeyOf(forest.keys, n)] : []));
      expect(truthsBeyond(study, threshold)).toMatchObject({ nodes: top, of: top.length });
      nodes += top.length;
    }
  }
  expect(nodes).toBeGreaterThan(10);
  expect(ofSeveral).toBeGreaterThan(0);
});
