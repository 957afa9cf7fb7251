/** TRL trains with GRPO on recorded answers, by the lines that the profile prints. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';
import { traceLines, type Trace } from '../helpers/randomTraces.ts';

const core = trainerEnvironment('core');

/** A log-prob that tokens have about for a random model of the test's tokenizer, so that no ratio is clipped. */
const NEAR_EVEN = -5.5;

/** Two tasks of three rollouts, which share their first turn and part behind it, with a reward each. */
const TRACES: readonly Trace[] = [0, 1].flatMap((task) =>
  [0, 1, 1].map((reward, i) => ({
    task,
    reward,
    nodes: [
      { parent: null, role: 'system' as const, ids: [1, 100 + task], sampled: false },
      { parent: 0, role: 'user' as const, ids: [2, 20, 21, 4], sampled: false },
      { parent: 1, role: 'assistant' as const, ids: [3, 30, 31, 4], sampled: true },
      { parent: 2, role: 'user' as const, ids: [2, 22, 4], sampled: false },
      { parent: 3, role: 'assistant' as const, ids: [3, 40 + i, ...Array.from({ length: i }, () => 50), 4], sampled: true },
    ],
  })),
);

describe.skipIf(core.missing !== null)(titled('trl-grpo-replay', core), () => {
  it('trains on what the log holds, with its log-probs and weighted advantages', async () => {
    const { folder, records } = await exportForCheck({
      logs: [{ name: 'traces.jsonl', bytes: new TextEncoder().encode(traceLines(TRACES, () => NEAR_EVEN)) }],
      profiles: [{ profile: 'trl-grpo-replay' }],
      template: 'chatml',
      weights: 'branch-mean',
    });
    const found = await runCheck(core, 'grpo_replay', folder);
    expect(found).toMatchObject({ rows: records });
    expect(records).toBe(6);
    expect(found['loss']).not.toBe(0);
  });
});
