/** The workbench reads the sample as its generator counted it: both files, through the formats and the tokenisation. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHANNELS, type TrajectoryBatch } from '../../../src/core/model/batch.ts';
import { FLAG, KIND } from '../../../src/core/model/kinds.ts';
import type { Issue } from '../../../src/core/model/issue.ts';
import { makeMemoryRule } from '../../../src/core/tokens/memory-rules.ts';
import { makeTokeniseCounts, type Tokenisation } from '../../../src/core/tokens/tokenisation.ts';
import { makeTextCache } from '../../../src/core/tokens/text-cache.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { parseJob } from '../../../src/engine/parse.ts';
import { makeO200k } from '../../../src/engine/tokenizers/o200k.ts';
import type { Format } from '../../../src/formats/format.ts';
import { chat } from '../../../src/formats/chat.ts';
import { verifiersTraces } from '../../../src/formats/verifiers-traces.ts';
import { readExpected, SAMPLES } from './read-sample.ts';

async function parse(name: string, format: Format): Promise<{ batches: TrajectoryBatch[]; issues: Issue[] }> {
  const bytes = new Uint8Array(readFileSync(`${SAMPLES}${name}`));
  const source = { name, byteLength: bytes.length, read: (start: number, end: number) => Promise.resolve(bytes.slice(start, end)) };
  const job = {
    source: 0,
    name,
    path: name,
    format: format.id,
    reader: 'lines',
    span: { start: 0, end: bytes.length, firstIndex: 0 },
  } as const;
  const tokenizer = makeO200k();
  const tokenisation: Tokenisation = {
    tokenizer,
    template: null,
    encode: makeTextCache(tokenizer),
    isMemory: makeMemoryRule(DEFAULT_OPEN_SETTINGS.memoryTools),
    maxNodeTokens: null,
    counts: makeTokeniseCounts(),
    tried: { found: 0, missed: 0 },
  };
  const batches: TrajectoryBatch[] = [];
  const issues: Issue[] = [];
  for await (const reply of parseJob(job, source, format, tokenisation)) {
    if (reply.batch) batches.push(reply.batch);
    issues.push(...reply.issues);
  }
  return { batches, issues };
}

/** Figures over all trajectories of the batches, tokens merged per task by their text. */
function figures(batches: readonly TrajectoryBatch[]) {
  const prefixes = new Map<string, Map<number, number>>();
  const count = { trajectories: 0, flatTokens: 0, distinctTokens: 0, sampledTokens: 0, memory: 0, calls: 0, errors: 0, summaries: 0 };
  let entropy = 0;
  const next: Map<number, number>[] = [];
  for (const batch of batches) {
    const channel = batch.channels[CHANNELS.indexOf('entropy')];
    for (let t = 0; t < batch.trajectoryRollout.length; t++) {
      count.trajectories++;
      const { task } = batch.rollouts[batch.trajectoryRollout[t]];
      let at = prefixes.get(task);
      if (!at) prefixes.set(task, (at = new Map()));
      for (let i = batch.trajectoryStart[t]; i < batch.trajectoryStart[t + 1]; i++) {
        count.flatTokens++;
        const id = batch.tokens[i];
        if (!at.has(id)) {
          at.set(id, next.push(new Map()) - 1);
          count.distinctTokens++;
        }
        at = next[at.get(id)!];
        if (channel && !Number.isNaN(channel[i])) entropy += channel[i];
      }
      for (let s = batch.trajectorySegment[t]; s < batch.trajectorySegment[t + 1]; s++) {
        const end = batch.segmentStart[s + 1] ?? batch.tokens.length;
        const [kind, flags] = [batch.segmentKind[s], batch.segmentFlags[s]];
        if (flags & FLAG.sampled) count.sampledTokens += end - batch.segmentStart[s];
        if (kind === KIND.memory) count.memory++;
        if (kind === KIND.call) count.calls++;
        if (kind === KIND.result && flags & FLAG.error) count.errors++;
        if (kind === KIND.summary) count.summaries++;
      }
    }
  }
  return { count, entropy };
}

describe('the workbench on the sample', () => {
  const { totals } = readExpected();

  it('reads the episodes as counted', async () => {
    const { batches, issues } = await parse('orchard.jsonl', verifiersTraces);
    expect(issues).toEqual([]);
    const { count, entropy } = figures(batches);
    expect(count).toEqual({
      trajectories: totals.trajectories,
      flatTokens: totals.flatTokens,
      distinctTokens: totals.distinctTokens,
      sampledTokens: totals.sampledTokens,
      memory: totals.memoryEvents,
      calls: totals.toolCalls - totals.memoryEvents,
      errors: totals.toolErrors,
      summaries: totals.compactions,
    });
    expect(entropy / count.trajectories).toBeCloseTo(totals.meanTrajectoryEntropy, 4);
  });

  it('spells the chat file with the same tokens', async () => {
    const { batches, issues } = await parse('orchard-chat.jsonl', chat);
    expect(issues).toEqual([]);
    const { count } = figures(batches);
    expect(count).toMatchObject({
      trajectories: totals.rollouts,
      flatTokens: totals.chatFlatTokens,
      distinctTokens: totals.chatDistinctTokens,
      memory: totals.memoryEvents,
      calls: totals.toolCalls - totals.memoryEvents,
      errors: totals.toolErrors,
    });
  });
});
