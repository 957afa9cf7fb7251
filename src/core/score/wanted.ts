/** Which tokens a run of the model is asked about. */
import type { Forest } from '../model/forest.ts';
import { isLogged } from '../signal/entropy-source.ts';

/**
 * `missing`: sampled tokens for which the log has no entropy, no top-k bounds and no log-prob: what the policy itself says is
 * not replaced by a model. `sampled`: every sampled token. `all`: context too.
 */
export const SCOPES = ['missing', 'sampled', 'all'] as const;
export type ScoreScope = (typeof SCOPES)[number];

/** edge token -> 1 where a score is wanted. `have`: entropies known already (NaN = none), which need no second run. */
export function wantedTokens(forest: Forest, scope: ScoreScope, have: Float32Array | null = null): Uint8Array<ArrayBuffer> {
  const wanted = new Uint8Array(forest.edgeTokens.length);
  for (let n = 0; n < forest.length; n++) {
    if (scope !== 'all' && forest.sampledCount[n] === 0) continue;
    for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++) {
      if (have !== null && !Number.isNaN(have[i])) continue;
      wanted[i] = scope === 'missing' && isLogged(forest.channels, i) ? 0 : 1;
    }
  }
  return wanted;
}
