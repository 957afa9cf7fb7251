/**
 * Per-token signals of a growing tree, merged over the trajectories that pass: kept so that mean and spread do not
 * depend on the order of arrival and survive any cut of a node.
 *
 * A pool token that only one trajectory passes holds just that value (4 bytes a channel). When a second one passes,
 * its node gets a block of sums; blocks are parallel to the node's run, so a cut divides them by an offset.
 */
import { grown, makeGrowable, type Growable } from '../../base/growable.ts';
import { CHANNELS } from '../model/batch.ts';

const SURPRISAL = CHANNELS.indexOf('surprisal');

export interface ChannelSums {
  /**
   * channel -> pool token -> value of the trajectory that brought the token, NaN = none; null = channel not seen. Tokens from its
   * length on have none: what is not written takes no memory.
   */
  readonly first: (Growable<Float32Array<ArrayBuffer>> | null)[];
  /** channel -> block entry -> sum of values */
  readonly sum: (Float64Array<ArrayBuffer> | null)[];
  /** channel -> block entry -> number of values */
  readonly count: (Int32Array<ArrayBuffer> | null)[];
  /** block entry -> sum of squared surprisal */
  square: Float64Array<ArrayBuffer> | null;
  /** Entries given to blocks so far. */
  blockLength: number;
}

export function makeChannelSums(): ChannelSums {
  return { first: CHANNELS.map(() => null), sum: CHANNELS.map(() => null), count: CHANNELS.map(() => null), square: null, blockLength: 0 };
}

/**
 * Nearest multiple of 2^-36 (exact for float32 values of 2^-13 nats and more). Sums of such numbers are exact in
 * float64 up to 2^17, so they are the same in whatever order they are added. Adding and taking away 1.5 · 2^16
 * rounds at that bit.
 */
function onGrid(value: number): number {
  return value + 98_304 - 98_304;
}

/** Values of tokens new to the pool: `channels[c][from .. to)` go to pool tokens from `poolStart` on. */
export function appendValues(
  sums: ChannelSums,
  channels: readonly (Float32Array | null)[],
  from: number,
  to: number,
  poolStart: number,
): void {
  for (let c = 0; c < channels.length; c++) {
    const column = channels[c];
    if (column === null) continue;
    const first = (sums.first[c] ??= makeGrowable(Float32Array));
    const length = poolStart + to - from;
    first.data = grown(first.data, length);
    if (first.length < poolStart) first.data.fill(Number.NaN, first.length, poolStart);
    first.data.set(column.subarray(from, to), poolStart);
    first.length = length;
  }
}

/** Room for a block; returns its offset. */
export function reserveBlock(sums: ChannelSums, length: number): number {
  const offset = sums.blockLength;
  sums.blockLength += length;
  return offset;
}

/** A block for the pool tokens [poolStart, poolStart + length), filled with what they hold; returns its offset. */
export function openBlock(sums: ChannelSums, poolStart: number, length: number): number {
  const offset = reserveBlock(sums, length);
  for (let c = 0; c < CHANNELS.length; c++) {
    const first = sums.first[c];
    if (first === null) continue;
    blocks(sums, c);
    // The column may be shorter than the pool: later tokens had no value.
    const known = Math.min(length, first.length - poolStart);
    addEntries(first.data, poolStart, known, sums.sum[c]!, sums.count[c]!, c === SURPRISAL ? sums.square : null, offset);
  }
  return offset;
}

/** Adds `channels[c][from .. from + length)` to the block entries from `offset` on. */
export function addValues(
  sums: ChannelSums,
  channels: readonly (Float32Array | null)[],
  from: number,
  length: number,
  offset: number,
): void {
  for (let c = 0; c < channels.length; c++) {
    const column = channels[c];
    if (column === null) continue;
    blocks(sums, c);
    addEntries(column, from, length, sums.sum[c]!, sums.count[c]!, c === SURPRISAL ? sums.square : null, offset);
  }
}

function addEntries(
  values: Float32Array,
  from: number,
  length: number,
  sum: Float64Array,
  count: Int32Array,
  square: Float64Array | null,
  offset: number,
): void {
  for (let i = 0; i < length; i++) {
    const value = values[from + i];
    if (value - value !== 0) continue; // NaN or infinite: not a value
    const at = offset + i;
    const before = count[at]++;
    // A lone value stays as logged; it moves to the grid when a second one joins it.
    sum[at] = before === 0 ? value : onGrid(sum[at]) + onGrid(value);
    if (square !== null) square[at] += onGrid(value * value);
  }
}

/** Gives the entries of a channel room for all blocks. */
function blocks(sums: ChannelSums, c: number): void {
  sums.sum[c] = grown(sums.sum[c] ?? new Float64Array(0), sums.blockLength);
  sums.count[c] = grown(sums.count[c] ?? new Int32Array(0), sums.blockLength);
  if (c === SURPRISAL) sums.square = grown(sums.square ?? new Float64Array(0), sums.blockLength);
}

/** Writes the means of one run: pool tokens from `poolStart`, or their block where `block` >= 0, to `out[at ..]`. */
export function writeMeans(
  sums: ChannelSums,
  channel: number,
  poolStart: number,
  block: number,
  length: number,
  out: Float32Array,
  at: number,
): void {
  const sum = sums.sum[channel];
  const count = sums.count[channel];
  if (block >= 0) {
    for (let i = 0; i < length; i++) {
      const n = count === null || block + i >= count.length ? 0 : count[block + i];
      out[at + i] = n === 0 ? Number.NaN : sum![block + i] / n;
    }
    return;
  }
  const first = sums.first[channel];
  for (let i = 0; i < length; i++) {
    const value = first === null || poolStart + i >= first.length ? Number.NaN : first.data[poolStart + i];
    out[at + i] = value - value === 0 ? value : Number.NaN;
  }
}

/**
 * Largest standard deviation of surprisal (nats, population) among a block's entries; NaN where no entry has two
 * values. Below 4e-6 nats it reads 0: squares are kept to 2^-36.
 */
export function largestSpread(sums: ChannelSums, block: number, length: number): number {
  const sum = sums.sum[SURPRISAL];
  const count = sums.count[SURPRISAL];
  let largest = Number.NaN;
  if (block < 0 || sum === null || count === null) return largest;
  const end = Math.min(block + length, count.length);
  for (let i = block; i < end; i++) {
    const n = count[i];
    if (n < 2) continue;
    const mean = sum[i] / n;
    const variance = sums.square![i] / n - mean * mean;
    const spread = variance < 2 ** -36 * (1 + mean * mean) ? 0 : Math.sqrt(variance);
    if (!(largest >= spread)) largest = spread;
  }
  return largest;
}
