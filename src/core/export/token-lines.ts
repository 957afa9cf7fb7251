/** Records as pre-tokenised training records: one JSON line of parallel per-token lists for each, written as bytes. */
import type { Forest } from '../model/forest.ts';
import { pathWeights, shownPath, type BranchPlan, type Convention } from './branches.ts';
import { writeFactors } from './factor-text.ts';
import { dropLast, makeByteWriter, writeBytes, writeIntegers, writeRepeated, writeText, type ByteWriter } from './byte-writer.ts';
import { floatText, writeFloats } from './number-text.ts';

/** What a record of tokens is made of. */
export interface TokenSource {
  readonly forest: Forest;
  readonly plan: BranchPlan;
  readonly convention: Convention;
  /** node -> mean advantage of the trajectories that sampled it, NaN unknown */
  readonly meanAdvantage: Float64Array;
}

export interface TokenLines {
  /**
   * Appends the line of a record with its line end: `input_ids`, `loss_mask` (1 where it carries loss), `position_ids`,
   * `weight`; `advantage`, of each token that anybody sampled the mean over those that did, where all are known, and 0
   * elsewhere; `logprob` likewise; then the members of `labels`. The bytes are those of `jsonText` with these three as floats.
   * @param divisor K of the record's task. @param labels an object's members as JSON, without its braces
   */
  write(out: ByteWriter, record: number, divisor: number, labels: string): void;
}

/** Entries of the last record's path that the next one has too. */
interface Prefix {
  readonly bytes: ByteWriter;
  /** level of the path -> bytes up to the end of its node */
  readonly ends: number[];
}

/** Lines are cheapest in the order of the plan: neighbours share most of their path, which is copied. */
export function makeTokenLines({ forest, plan, convention, meanAdvantage }: TokenSource): TokenLines {
  const { edgeStart, edgeTokens, sampledCount } = forest;
  const surprisal = forest.channels.surprisal;
  let last: Int32Array = new Int32Array(0);
  const ids: Prefix = { bytes: makeByteWriter(), ends: [] };
  const logprobs: Prefix = { bytes: makeByteWriter(), ends: [] };
  /** level -> 1: a sampled token up to there has no log-prob */
  const unknown: number[] = [];
  const positions = makeByteWriter();
  let positionCount = 0;

  const takePath = (path: Int32Array): void => {
    let level = 0;
    while (level < path.length && level < last.length && path[level] === last[level]) level++;
    cut(ids, level);
    cut(logprobs, level);
    for (; level < path.length; level++) {
      const node = path[level];
      writeIntegers(ids.bytes, edgeTokens, edgeStart[node], edgeStart[node + 1]);
      ids.ends[level] = ids.bytes.length;
      const before = level > 0 && unknown[level - 1] === 1;
      unknown[level] =
        before ||
        (surprisal !== null && !writeLogprobs(logprobs.bytes, surprisal, edgeStart[node], edgeStart[node + 1], sampledCount[node] > 0))
          ? 1
          : 0;
      logprobs.ends[level] = logprobs.bytes.length;
    }
    last = path;
  };

  const takePositions = (length: number): void => {
    if (length <= positionCount) return;
    const numbers = Int32Array.from({ length: length - positionCount }, (_, i) => positionCount + i);
    writeIntegers(positions, numbers, 0, numbers.length);
    positionCount = length;
  };

  return {
    write(out, record, divisor, labels) {
      const shown = shownPath(forest, plan, record);
      const path = shown.nodes;
      const weights = pathWeights(plan, convention, divisor, record, shown);
      takePath(path);
      takePositions(plan.tokenCount[record]);
      const list = (name: string, write: () => void): void => {
        writeText(out, name);
        write();
        dropLast(out);
      };
      const perNode = (textOf: (level: number) => string) => (): void => {
        path.forEach((node, level) => {
          writeRepeated(out, `${textOf(level)},`, edgeStart[node + 1] - edgeStart[node]);
        });
      };
      list('{"input_ids":[', () => {
        writeBytes(out, ids.bytes.data, ids.bytes.length);
      });
      // Of each token: what its node gives, times its own factor where single tokens were chosen.
      const perToken = (textOf: (weight: number) => string) => (): void => {
        path.forEach((node, level) => {
          writeFactors(out, plan.tokenFactors, edgeStart[node], edgeStart[node + 1], (factor) => textOf(weights[level] * factor));
        });
      };
      list(
        '],"loss_mask":[',
        perToken((weight) => (weight > 0 ? '1' : '0')),
      );
      list('],"position_ids":[', () => {
        writeBytes(out, positions.data, bytesBelow(plan.tokenCount[record]));
      });
      list('],"weight":[', perToken(floatText));
      if (path.every((node) => sampledCount[node] === 0 || !Number.isNaN(meanAdvantage[node]))) {
        list(
          '],"advantage":[',
          perNode((level) => (sampledCount[path[level]] === 0 ? '0.0' : floatText(meanAdvantage[path[level]]))),
        );
      }
      if (surprisal && unknown[path.length - 1] === 0)
        list('],"logprob":[', () => {
          writeBytes(out, logprobs.bytes.data, logprobs.bytes.length);
        });
      writeText(out, `],${labels}}\n`);
    },
  };
}

/** Bytes of the numbers below `count`, a comma behind each. */
function bytesBelow(count: number): number {
  let bytes = 2 * count;
  for (let power = 10; power < count; power *= 10) bytes += count - power;
  return bytes;
}

function cut({ bytes, ends }: Prefix, level: number): void {
  bytes.length = level === 0 ? 0 : ends[level - 1];
}

/** Entries for tokens [from, to); false, and none, where a sampled one has no surprisal. */
function writeLogprobs(out: ByteWriter, surprisal: Float32Array, from: number, to: number, sampled: boolean): boolean {
  if (!sampled) {
    writeRepeated(out, '0.0,', to - from);
    return true;
  }
  for (let i = from; i < to; i++) if (Number.isNaN(surprisal[i])) return false;
  writeFloats(out, surprisal, from, to, -1);
  return true;
}
