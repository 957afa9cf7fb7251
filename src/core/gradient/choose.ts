/**
 * Which sketches are kept. Where there are more sampled tokens or nodes than the limits, each is taken or not by a hash of
 * all tokens up to its end: a uniform sample that is the same on every machine, in every order of files, and when a log
 * has grown.
 */
import { mix32 } from '../../base/hash.ts';
import type { Forest } from '../model/forest.ts';
import { NONE } from '../model/kinds.ts';
import { continueKey } from '../tree/node-keys.ts';
import { sketchRow, type Sketches } from './store.ts';

export interface SketchLimits {
  readonly tokens: number;
  readonly nodes: number;
}

/** Sketches of 512 numbers take 1 KiB: 64 MiB each. */
export const SKETCH_LIMITS: SketchLimits = { tokens: 1 << 16, nodes: 1 << 16 };

export interface SketchChoice {
  /** edge token -> 1: its sketch is kept */
  readonly tokens: Uint8Array<ArrayBuffer>;
  /** node -> 1: the sum over its tokens is */
  readonly nodes: Uint8Array<ArrayBuffer>;
  /** Shares of the sampled tokens and nodes that are taken, before chance. */
  readonly tokenShare: number;
  readonly nodeShare: number;
}

type Tree = Pick<Forest, 'length' | 'parent' | 'edgeStart' | 'edgeTokens' | 'sampledCount' | 'keys'>;

/** Time: the sampled tokens. */
export function chooseSketches(forest: Tree, limits: SketchLimits): SketchChoice {
  const { edgeStart, parent, edgeTokens, keys } = forest;
  let sampledTokens = 0;
  let sampledNodes = 0;
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    sampledTokens += edgeStart[n + 1] - edgeStart[n];
    sampledNodes++;
  }
  const tokenShare = Math.min(1, limits.tokens / Math.max(1, sampledTokens));
  const nodeShare = Math.min(1, limits.nodes / Math.max(1, sampledNodes));
  const tokens = new Uint8Array(edgeTokens.length);
  const nodes = new Uint8Array(forest.length);
  const state = new Int32Array(2);
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    if (chance(keys[2 * n], keys[2 * n + 1]) < nodeShare) nodes[n] = 1;
    if (tokenShare === 1) {
      tokens.fill(1, edgeStart[n], edgeStart[n + 1]);
      continue;
    }
    // A root has no state before it: any that is its own will do.
    const above = parent[n] === NONE ? n : parent[n];
    state[0] = keys[2 * above];
    state[1] = keys[2 * above + 1];
    for (let i = edgeStart[n]; i < edgeStart[n + 1]; i++) {
      continueKey(state, edgeTokens[i]);
      if (chance(state[0], state[1]) < tokenShare) tokens[i] = 1;
    }
  }
  return { tokens, nodes, tokenShare, nodeShare };
}

/** In [0, 1). */
function chance(high: number, low: number): number {
  return (mix32(high ^ mix32(low ^ 0x5bf03635)) >>> 0) / 2 ** 32;
}

/** edge token -> 1 where a chosen sketch is still to be computed. */
export function missingSketches(forest: Tree, choice: SketchChoice, have: Sketches | null): Uint8Array<ArrayBuffer> {
  const missing = choice.tokens.slice();
  for (let n = 0; n < forest.length; n++) if (choice.nodes[n] === 1) missing.fill(1, forest.edgeStart[n], forest.edgeStart[n + 1]);
  if (have === null) return missing;
  for (let n = 0; n < forest.length; n++) {
    if (choice.nodes[n] === 1 && sketchRow(have.nodes, n) < 0) continue;
    for (let i = forest.edgeStart[n]; i < forest.edgeStart[n + 1]; i++)
      if (missing[i] === 1 && (choice.tokens[i] === 0 || sketchRow(have.tokens, i) >= 0)) missing[i] = 0;
  }
  return missing;
}
