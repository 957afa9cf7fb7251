/** Where scores of the model's tokens go: into the forest's columns as they are, or by bytes once a node's are all there. */
import { mapNode, type MappedTree } from '../../core/score/map.ts';
import type { ScoreFacts } from '../../core/score/run.ts';
import type { Dataset } from '../dataset.ts';

export type Write = (at: number, entropy: number, surprisal: number, gradient: number) => void;

export function takeDirect(write: Write): (facts: ScoreFacts) => boolean {
  return ({ at, entropy, surprisal, gradient }) => {
    at.forEach((position, i) => write(position, entropy[i] ?? NaN, surprisal[i] ?? NaN, gradient[i] ?? NaN));
    return at.length > 0;
  };
}

/** Facts about the model's tokens are held until those of a whole node are there; then its tree tokens get theirs. */
export function takeMapped(mapped: MappedTree, dataset: Dataset, write: Write): (facts: ScoreFacts) => boolean {
  const { forest } = dataset.tokens;
  const entropies = new Float32Array(mapped.edgeTokens.length).fill(NaN);
  const surprisals = new Float32Array(mapped.edgeTokens.length).fill(NaN);
  const gradients = new Float32Array(mapped.edgeTokens.length).fill(NaN);
  const nodeOf = new Int32Array(mapped.edgeTokens.length);
  const open = new Int32Array(mapped.length);
  for (let n = 0; n < mapped.length; n++) {
    const from = mapped.edgeStart[n] ?? 0;
    const to = mapped.edgeStart[n + 1] ?? 0;
    nodeOf.fill(n, from, to);
    if (to > from && mapped.wanted[from] === 1) open[n] = to - from;
  }
  return ({ at, entropy, surprisal, gradient }) => {
    let written = false;
    at.forEach((position, i) => {
      const n = nodeOf[position] ?? 0;
      entropies[position] = entropy[i] ?? NaN;
      surprisals[position] = surprisal[i] ?? NaN;
      gradients[position] = gradient[i] ?? NaN;
      open[n] = (open[n] ?? 0) - 1;
      // The first token of a text has no prefix without a start token, hence no score to wait for.
      const unscored = (mapped.depth[n] ?? 0) === 0 && Number.isNaN(entropies[mapped.edgeStart[n] ?? 0]) ? 1 : 0;
      if (open[n] !== unscored) return;
      const h = mapNode(mapped, forest, n, entropies);
      const s = mapNode(mapped, forest, n, surprisals);
      const g = mapNode(mapped, forest, n, gradients);
      const first = forest.edgeStart[n] ?? 0;
      h.forEach((value, k) => write(first + k, value, s[k] ?? NaN, g[k] ?? NaN));
      written = true;
    });
    return written;
  };
}
