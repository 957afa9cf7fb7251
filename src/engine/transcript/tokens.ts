/** Tokens of a branch with every figure that is known of them. */
import type { Forest } from '../../core/model/forest.ts';
import type { RolloutEvent } from '../../core/model/rollout.ts';
import { tokenEntropies } from '../../core/signal/entropy.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import { sampledAt } from '../../core/tree/sampled.ts';
import { trainerLogprobs } from '../../formats/trainer-logprobs.ts';
import type { TranscriptTokens } from '../answers/transcript.ts';
import { tokenText } from '../reading.ts';
import type { ModelColumns } from '../score/columns.ts';

export interface TokensContext {
  readonly forest: Forest;
  readonly trajectory: number;
  /** Nodes of the trajectory, root first. */
  readonly path: Int32Array;
  /** Decodes the ids; null: no tokenizer at hand made them. */
  readonly tokenizer: Tokenizer | null;
  readonly model: ModelColumns | null;
  /** The branch as it was decoded, and event -> tokens up to its end. */
  readonly events: readonly RolloutEvent[];
  readonly ends: Int32Array;
  /** trajectory -> its advantage under the rule in force; null: as logged */
  readonly advantages: Float64Array | null;
  /** node -> weight of each of its tokens over all records, null where nobody sampled it; null: they are not asked for */
  readonly weightsOf: ((node: number) => Float32Array | null) | null;
}

/** @param from, to tokens of the trajectory, clipped to those that it has */
export function transcriptTokens(context: TokensContext, from: number, to: number): TranscriptTokens {
  const { forest, trajectory, path, tokenizer, model } = context;
  const total = forest.trajectories.tokenCount[trajectory] ?? 0;
  const first = Math.max(0, Math.min(from, total));
  const length = Math.max(0, Math.min(to, total) - first);
  const column = (): Float32Array<ArrayBuffer> => new Float32Array(length).fill(NaN);
  const out = {
    ids: new Int32Array(length),
    entropy: column(),
    source: new Uint8Array(length),
    surprisal: column(),
    modelSurprisal: column(),
    mismatch: column(),
    advantage: column(),
    sampled: new Uint8Array(length),
    weight: column(),
  };
  const whole = (context.advantages ?? forest.trajectories.advantage)[trajectory] ?? NaN;
  const { channels } = forest;
  const entropies = tokenEntropies(forest, model?.entropy ?? null);
  for (const node of path) {
    const depth = forest.depth[node] ?? 0;
    const start = forest.edgeStart[node] ?? 0;
    const run = (forest.edgeStart[node + 1] ?? 0) - start;
    if (depth >= first + length) break;
    const begin = Math.max(0, first - depth);
    const end = Math.min(run, first + length - depth);
    if (begin >= end) continue;
    const weights = context.weightsOf?.(node) ?? null;
    for (let i = begin; i < end; i++) {
      const at = depth + i - first;
      const token = start + i;
      out.ids[at] = forest.edgeTokens[token] ?? 0;
      out.entropy[at] = entropies.valueOf(token, node);
      out.source[at] = entropies.sourceOf(token, node);
      out.surprisal[at] = channels.surprisal?.[token] ?? NaN;
      out.modelSurprisal[at] = model?.surprisal[token] ?? NaN;
      const logged = channels.advantage?.[token] ?? NaN;
      out.advantage[at] = Number.isNaN(logged) ? whole : logged;
      out.sampled[at] = sampledAt(forest.trajectories, trajectory, depth + i) ? 1 : 0;
      if (weights !== null) out.weight[at] = weights[i] ?? NaN;
    }
  }
  writeMismatch(out.mismatch, first, context);
  return {
    from: first,
    length,
    ...out,
    texts: tokenizer === null ? null : Array.from(out.ids, (id) => tokenText(tokenizer.bytes(id)) ?? `⟨${id}⟩`),
    model: model?.source.name ?? null,
    modelScale: entropies.shrinkage?.scale ?? 1,
  };
}

/** Of events whose log holds both. */
function writeMismatch(mismatch: Float32Array, first: number, { events, ends }: TokensContext): void {
  events.forEach((event, index) => {
    const from = ends[index - 1] ?? 0;
    const to = ends[index] ?? from;
    const sampler = event.tokens?.logprobs;
    if (sampler === undefined || to <= first || from >= first + mismatch.length) return;
    const trainer = trainerLogprobs(event);
    for (let at = Math.max(from, first); at < Math.min(to, first + mismatch.length); at++)
      mismatch[at - first] = trainer(at - from) - (sampler[at - from] ?? NaN);
  });
}
