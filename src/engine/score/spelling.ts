/** Which way the forest's tokens reach the model: its own ids as they are, or their text in the model's tokens. */
import type { TokenTree } from '../../core/score/token-tree.ts';
import { decodeTokens, type Tokenizer } from '../../core/tokens/tokenizer.ts';
import type { SpellCounts } from '../../core/tokens/speller.ts';

export type Spelling = { readonly ok: true; readonly by: 'ids' | 'text' } | { readonly ok: false; readonly reason: string };

/** Nodes looked at, and the least length of one that tells something. */
const NODES = 200;
const LEAST = 8;
const MOST = 2000;

/**
 * Ids belong to a tokenizer when decoding and encoding again gives the same ids back: a tokenizer that did not make
 * them decodes them to text that it would write otherwise. [ours]
 * @param counts how the trajectories were spelled. @param same the forest was tokenised by the scorer's own tokenizer
 */
export function chooseSpelling(tree: TokenTree, counts: SpellCounts, own: Tokenizer, scorer: Tokenizer, same: boolean): Spelling {
  if (same) return { ok: true, by: 'ids' };
  if (counts.loggedTokens === 0) return { ok: true, by: 'text' };
  const verified = counts.verifiedRuns > 0 && counts.unverifiedRuns === 0;
  if (counts.textTokens === 0 && !verified && givesBack(tree, scorer) >= 0.5) return { ok: true, by: 'ids' };
  if (verified || givesBack(tree, own) >= 0.5) return { ok: true, by: 'text' };
  return { ok: false, reason: `the log holds token ids that neither ${own.name} nor ${scorer.name} made: open it with the tokenizer.json that made them, so that their text can be read` };
}

/** Share of the nodes looked at whose ids survive decoding and encoding; 0 where none is long enough. */
function givesBack(tree: TokenTree, tokenizer: Tokenizer): number {
  let looked = 0;
  let same = 0;
  const stride = Math.max(1, Math.floor(tree.length / (4 * NODES)));
  for (let n = 0; n < tree.length && looked < NODES; n += stride) {
    const from = tree.edgeStart[n] ?? 0;
    const length = (tree.edgeStart[n + 1] ?? 0) - from;
    if (length < LEAST || length > MOST) continue;
    looked++;
    const text = decodeTokens(tokenizer, tree.edgeTokens, from, from + length);
    if (text === null) continue;
    const again = tokenizer.encode(text);
    if (again.length !== length) continue;
    let i = 0;
    while (i < length && again[i] === tree.edgeTokens[from + i]) i++;
    if (i === length) same++;
  }
  return looked === 0 ? 0 : same / looked;
}
