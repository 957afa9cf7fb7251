/** Tasks that a model cannot read. */
import type { Forest } from '../../core/model/forest.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';

/** Takes tasks out of what is wanted; a sentence that says so, where there are any. */
export function leaveOut(forest: Forest, wanted: Uint8Array, tasks: readonly number[]): string[] {
  let tokens = 0;
  for (const task of tasks) {
    const from = forest.edgeStart[forest.treeStart[task] ?? 0] ?? 0;
    const to = forest.edgeStart[forest.treeStart[task + 1] ?? 0] ?? 0;
    for (let i = from; i < to; i++) tokens += wanted[i] ?? 0;
    wanted.fill(0, from, to);
  }
  if (tokens === 0) return [];
  return [
    `${tasks.length} of ${forest.treeStart.length - 1} tasks are left out: ` +
      `they hold token ids (${tokens} to score) of a tokenizer that is not loaded`,
  ];
}

/**
 * Takes out of what is wanted the tokens that a model has none for, and all that follow one: it cannot be shown the token. The
 * forest holds nodes parents first.
 * @param wanted each of these, parallel to edgeTokens; the first is what is counted
 * @returns a sentence that says so, where there are any; alone, why the log is refused: not even the model's tokenizer knows an id
 */
export function leaveOutBeyond(
  forest: Pick<Forest, 'length' | 'parent' | 'edgeStart' | 'edgeTokens'>,
  wanted: readonly Uint8Array[],
  tokenizer: Tokenizer,
  vocabulary: number,
): string[] | string {
  const isBehind = new Uint8Array(forest.length);
  const unknown = `the log holds ids above the model's ${vocabulary} tokens`;
  let [found, behind] = [0, 0];
  for (let n = 0; n < forest.length; n++) {
    const parent = forest.parent[n] ?? -1;
    let isOut = parent >= 0 && isBehind[parent] === 1;
    for (let i = forest.edgeStart[n] ?? 0; i < (forest.edgeStart[n + 1] ?? 0); i++) {
      const id = forest.edgeTokens[i] ?? 0;
      if (id >= vocabulary) {
        if (tokenizer.bytes(id) === null) return unknown;
        found++;
        isOut = true;
      }
      if (!isOut) continue;
      behind += wanted[0]?.[i] ?? 0;
      for (const marks of wanted) marks[i] = 0;
    }
    isBehind[n] = isOut ? 1 : 0;
  }
  if (found === 0) return [];
  return [`token ids above the model's ${vocabulary}: ${found}, left out with what follows them (${behind} to score)`];
}
