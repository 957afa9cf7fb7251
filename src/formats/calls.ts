/** Which model calls of a rollout continue one another: the rule that keeps rewritten histories apart. */

/** One model call as a sequence of keys: token ids, or interned messages. */
export interface CallKeys {
  /** The whole prompt, earlier turns included. */
  readonly prompt: ArrayLike<number>;
  readonly completion: ArrayLike<number>;
}

interface ChainLink {
  /** Index into the calls. */
  readonly call: number;
  /** The call's prompt beyond this position is new; the chain already has what comes before it. */
  readonly from: number;
}

/** Calls of which each prompt begins with the prompt and completion of the one before. */
export interface Chain {
  readonly links: readonly ChainLink[];
  /** Why it does not continue an earlier chain; absent for the first. `retry`: the same prompt was asked before. */
  readonly cause?: 'rewrite' | 'retry';
}

interface OpenChain {
  readonly links: ChainLink[];
  readonly cause?: 'rewrite' | 'retry';
  readonly last: CallKeys;
  readonly length: number;
}

/**
 * Calls, in the order they were made, to chains. A call extends the longest chain that its prompt begins with;
 * otherwise it opens a chain of its own, whole prompt included. Never is anything concatenated over a difference.
 */
export function chainCalls(calls: readonly CallKeys[]): Chain[] {
  const chains: OpenChain[] = [];
  for (let k = 0; k < calls.length; k++) {
    const call = calls[k]!;
    let best = -1;
    for (let c = 0; c < chains.length; c++) {
      if (best >= 0 && chains[c]!.length <= chains[best]!.length) continue;
      if (extendsChain(call.prompt, chains[c]!)) best = c;
    }
    const length = call.prompt.length + call.completion.length;
    if (best >= 0) {
      const chain = chains[best]!;
      const from = chain.length;
      chain.links.push({ call: k, from });
      chains[best] = { ...chain, last: call, length };
      continue;
    }
    const links = [{ call: k, from: 0 }];
    if (k === 0) chains.push({ links, last: call, length });
    else chains.push({ links, last: call, length, cause: repeatsPrompt(calls, k) ? 'retry' : 'rewrite' });
  }
  return chains.map(({ links, cause }) => (cause === undefined ? { links } : { links, cause }));
}

/** Backwards, because a rewritten history differs near its end: the difference is found after a few keys. */
function extendsChain(prompt: ArrayLike<number>, { last, length }: OpenChain): boolean {
  if (prompt.length < length) return false;
  const split = last.prompt.length;
  for (let i = length - 1; i >= split; i--) if (prompt[i] !== last.completion[i - split]) return false;
  for (let i = split - 1; i >= 0; i--) if (prompt[i] !== last.prompt[i]) return false;
  return true;
}

function repeatsPrompt(calls: readonly CallKeys[], k: number): boolean {
  const prompt = calls[k]!.prompt;
  for (let j = 0; j < k; j++) {
    const other = calls[j]!.prompt;
    if (other.length !== prompt.length) continue;
    let i = prompt.length - 1;
    while (i >= 0 && other[i] === prompt[i]) i--;
    if (i < 0) return true;
  }
  return false;
}
