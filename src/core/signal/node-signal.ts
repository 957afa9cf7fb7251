/** A signal over a forest: sums per node with what is unknown filled in, how much is known, and the same token by token. */
import type { Forest } from '../model/forest.ts';
import type { EntropyAggregate } from '../model/rule.ts';
import { hasEntropy, meanOfLargest, type NodeEntropy } from './entropy.ts';
import { fillValues, type Fill } from './fill.ts';
import { leastKnown } from './least-known.ts';
import type { SignalSource, TokenSignal, TokenValues } from './signal.ts';
import { FALLBACK, SIGNALS, type SignalId } from './signals.ts';
import type { WholeLog } from './whole-log.ts';

export interface NodeSignal {
  readonly asked: SignalId;
  /** Another than asked for where no sampled token has a value of that. */
  readonly used: TokenSignal<SignalId>;
  /** Distinct sampled tokens, and those of them whose value is known; the others are filled (`fillValues`). */
  readonly sampled: number;
  readonly known: number;
  /** The least share of its sampled tokens that a task knows, 0..1: of the log, where the forest is a part of one. */
  readonly leastKnown: number;
  /** node -> sum over its sampled tokens, filled; 0 where it is not sampled. May be below 0 where values are. */
  readonly sum: Float64Array<ArrayBuffer>;
  /** node -> part of `sum` that rests on known values, 0..1; null: all of it does. */
  readonly knownPart: Float64Array<ArrayBuffer> | null;
  /** Of one sampled token, filled, at least 0. */
  readonly valueOf: TokenValues;
  /** The same, but 0 where it is not known. */
  readonly knownOf: TokenValues;
}

/** O(tokens), and for entropy that is at hand O(nodes). Throws for a signal that is not registered. */
export function nodeSignal(source: SignalSource, asked: SignalId, entropy?: NodeEntropy, by: Fill = 'mean'): NodeSignal {
  const made = firstKnown(source, asked, entropy);
  const { used, sampled, known, knownOf, values } = made;
  const { forest } = source;
  const { edgeStart, sampledCount } = forest;
  const fill = fillValues(forest, made.sum, knownOf, source.whole?.known.get(used.id), by);
  const sum = made.sum.map((value, n) => {
    const unknown = sampledCount[n] === 0 ? 0 : edgeStart[n + 1] - edgeStart[n] - knownOf[n];
    return unknown === 0 ? value : value + unknown * fill(n);
  });
  return {
    asked,
    used,
    sampled,
    known,
    leastKnown: source.whole === undefined ? leastKnown(forest, knownOf) : (source.whole.leastKnown.get(used.id) ?? 0),
    sum,
    knownPart: known === sampled ? null : sum.map((value, n) => knownPart(made.sum[n], value)),
    knownOf(at, node) {
      const value = values(at, node);
      return Number.isFinite(value) ? Math.max(0, value) : 0;
    },
    valueOf(at, node) {
      const value = values(at, node);
      return Math.max(0, Number.isFinite(value) ? value : fill(node));
    },
  };
}

/** Of a sum with what is unknown filled in, the part that is known; where there is neither, all of it. */
function knownPart(known: number, filled: number): number {
  return filled > 0 ? Math.min(1, Math.max(0, known / filled)) : 1;
}

/** Sums of the signal that was asked for; where no token has a value of it, of what stands in for it, in the end `FALLBACK`. */
function firstKnown(source: SignalSource, asked: string, entropy: NodeEntropy | undefined): KnownSums {
  const signal: TokenSignal<SignalId> | undefined = SIGNALS.find(({ id }) => id === asked);
  if (signal === undefined) throw new Error(`expected a signal, found ${asked}`);
  const found = signal.id === 'entropy' && entropy !== undefined ? sumsOfEntropy(signal, entropy) : sumsOf(source, signal);
  const isKnown = source.whole === undefined ? (found?.known ?? 0) > 0 : source.whole.known.has(signal.id);
  if (found !== null && (isKnown || signal === FALLBACK)) return found;
  return firstKnown(source, signal.otherwise ?? FALLBACK.id, entropy);
}

/** The least share that a task of a whole log knows of what its parts count under a signal, 0..1. */
export function leastKnownOf(asked: SignalId, { known, leastKnown: least }: Pick<WholeLog, 'known' | 'leastKnown'>): number {
  const signals: readonly TokenSignal<SignalId>[] = SIGNALS;
  let signal = signals.find(({ id }) => id === asked);
  while (signal !== undefined && signal !== FALLBACK && !known.has(signal.id)) {
    const next: string = signal.otherwise ?? FALLBACK.id;
    signal = signals.find(({ id }) => id === next);
  }
  return least.get((signal ?? FALLBACK).id) ?? 1;
}

interface KnownSums {
  readonly used: TokenSignal<SignalId>;
  readonly values: TokenValues;
  readonly sum: Float64Array<ArrayBuffer>;
  /** node -> tokens with a value */
  readonly knownOf: Int32Array<ArrayBuffer>;
  readonly known: number;
  readonly sampled: number;
}

/** Sums of a signal's known values; null where no token can have one. */
export function sumsOf(source: SignalSource, used: TokenSignal<SignalId>): KnownSums | null {
  const values = used.values(source);
  if (values === null) return null;
  const { forest } = source;
  const sum = new Float64Array(forest.length);
  const knownOf = new Int32Array(forest.length);
  let known = 0;
  let sampled = 0;
  for (let n = 0; n < forest.length; n++) {
    if (forest.sampledCount[n] === 0) continue;
    const end = forest.edgeStart[n + 1];
    sampled += end - forest.edgeStart[n];
    for (let at = forest.edgeStart[n]; at < end; at++) {
      const value = values(at, n);
      if (!Number.isFinite(value)) continue;
      sum[n] += value;
      knownOf[n]++;
    }
    known += knownOf[n];
  }
  return { used, values, sum, knownOf, known, sampled };
}

function sumsOfEntropy(used: TokenSignal<SignalId>, entropy: NodeEntropy): KnownSums {
  const total = (column: Int32Array): number => column.reduce((all, count) => all + count, 0);
  return {
    used,
    values: entropy.by.valueOf,
    sum: entropy.sum,
    knownOf: entropy.known,
    known: total(entropy.known),
    sampled: total(entropy.sampledTokens),
  };
}

/**
 * node -> h, under an aggregate over all its sampled tokens, those without a value filled; turns where no entropy is known.
 */
export function filledEntropy(
  forest: Forest,
  aggregate: EntropyAggregate,
  entropy: NodeEntropy,
  whole?: WholeLog,
  fillBy: Fill = 'mean',
): Float64Array<ArrayBuffer> {
  if (!(whole === undefined ? hasEntropy(entropy) : whole.known.has('entropy')))
    return nodeSignal({ forest, model: null, imported: null }, FALLBACK.id).sum;
  const { known, sampledTokens, sum, by } = entropy;
  const fill = fillValues(forest, sum, known, whole?.known.get('entropy'), fillBy);
  return entropy.h.map((h, n) => {
    const unknown = sampledTokens[n] - known[n];
    if (unknown === 0) return h;
    const one = fill(n);
    if (aggregate === 'sum') return h + unknown * one;
    if (aggregate === 'mean' || known[n] === 0) return (sum[n] + unknown * one) / sampledTokens[n];
    const values = new Float64Array(sampledTokens[n]);
    for (let i = 0; i < values.length; i++) {
      const value = by.valueOf(forest.edgeStart[n] + i, n);
      values[i] = Number.isNaN(value) ? one : value;
    }
    return meanOfLargest(values, Math.ceil(values.length / 5));
  });
}
