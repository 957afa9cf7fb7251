/** Collects trajectories into the columns of a `TrajectoryBatch`, segment by segment. */
import { grown, makeGrowable, push, trimmed, type Growable } from '../../base/growable.ts';
import { CHANNELS, type Channel, type RolloutRow, type TrajectoryBatch } from '../model/batch.ts';
import { ENDING, endingsOf, FLAG, NONE } from '../model/kinds.ts';

export interface BatchWriter {
  /** Tokens written so far, over all trajectories. */
  readonly tokenCount: number;
  addRollout(row: RolloutRow): number;
  /** Completes a rollout's row, once its trajectories are written. */
  setEventEnds(rollout: number, ends: string): void;
  /** The same of where its ids come from. */
  setTokensFrom(rollout: number, origins: string): void;
  /** The same of the versions that sampled its tokens. */
  setVersions(rollout: number, versions: string): void;
  /** `reward` and `advantage` are the branch's own; NaN = its rollout's. */
  beginTrajectory(rollout: number, branch: number, reward: number, advantage: number): void;
  /** `endings`: what is complete at its end; by default a whole segment. */
  beginSegment(kind: number, flags: number, tool: string | undefined, action: string | null, endings?: number): void;
  /** Begins a further block of the last segment, which is complete at its last block only. `atomic`: no path ends before it. */
  nextBlock(atomic: boolean): void;
  addTokens(ids: ArrayLike<number>, from: number, to: number): void;
  addToken(id: number): void;
  readonly segmentCount: number;
  /** Marks the sampled segments from `from` (an index as `segmentCount` gave it) on as the turn that ends a rollout. */
  markFinal(from: number): void;
  /** @param token index as `tokenCount` counts; NaN is no value */
  setChannel(channel: Channel, token: number, value: number): void;
  /** The same for the tokens from `first` on. */
  setChannelRun(channel: Channel, first: number, values: ArrayLike<number>): void;
  /** The same for the channel `surprisal`, from log-probs. */
  setLogprobs(first: number, logprobs: ArrayLike<number>): void;
  /** The batch; the writer starts anew. */
  finish(): TrajectoryBatch;
}

/** Channel -> its place in `CHANNELS`; asked for once per token and channel. */
const CHANNEL_INDEX: Readonly<Record<Channel, number>> = {
  entropy: 0,
  entropyLow: 1,
  entropyHigh: 2,
  surprisal: 3,
  advantage: 4,
  model: 5,
};

/** What servers write for "very unlikely" where they know no log-prob, as they write −Infinity. */
const NO_LOGPROB = -9999;

/** Whether a log-prob says that there is none. */
export function isNoLogprob(logprob: number): boolean {
  return logprob === NO_LOGPROB || logprob === -Infinity || Number.isNaN(logprob);
}

/** Nats; NaN where the log-prob is none, so that one such token does not outweigh all others. */
export function surprisalOf(logprob: number): number {
  return logprob > NO_LOGPROB ? -logprob : Number.NaN;
}

/** From this many tokens on, a copy of the whole run is faster than one token at a time. */
const BULK = 48;

/**
 * The token column of a batch that was finished, for the next one to begin with: batches are alike in size, and growing to
 * it anew each time costs more than what is written. Whoever takes it owns it.
 */
let spare: Int32Array<ArrayBuffer> | null = null;
/** The columns of its channels, likewise. */
let spareColumns: Float32Array<ArrayBuffer>[] = [];
/** Tokens up to which a column is kept for that. */
const SPARE_TOKENS = 1 << 21;

/** A copy of a channel's column for so many tokens: those that nobody wrote have no value. */
function written({ data, length }: Growable<Float32Array<ArrayBuffer>>, tokens: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(tokens);
  out.set(data.subarray(0, Math.min(length, tokens)));
  return length < tokens ? out.fill(NaN, length) : out;
}

function writeSurprisals(logprobs: ArrayLike<number>, out: Float32Array, at: number): void {
  for (let i = 0; i < logprobs.length; i++) out[at + i] = surprisalOf(logprobs[i]);
}

function firstKnown(values: ArrayLike<number>): number {
  let at = 0;
  while (at < values.length && Number.isNaN(values[at])) at++;
  return at;
}

export function makeBatchWriter(): BatchWriter {
  let rollouts: RolloutRow[] = [];
  let trajectoryRollout = makeGrowable(Int32Array);
  let trajectoryBranch = makeGrowable(Int32Array);
  let trajectoryReward = makeGrowable(Float64Array);
  let trajectoryAdvantage = makeGrowable(Float64Array);
  let trajectoryStart = makeGrowable(Int32Array);
  let trajectorySegment = makeGrowable(Int32Array);
  let tokens = makeGrowable(Int32Array, 0);
  let segmentStart = makeGrowable(Int32Array);
  let segmentKind = makeGrowable(Uint8Array);
  let segmentFlags = makeGrowable(Uint8Array);
  let segmentEndings = makeGrowable(Uint16Array);
  let segmentTool = makeGrowable(Int32Array);
  let segmentAction = makeGrowable(Int32Array);
  let tools = new Map<string, number>();
  let actions = new Map<string, number>();
  let channels: (Growable<Float32Array<ArrayBuffer>> | null)[] = CHANNELS.map(() => null);

  const roomForTokens = (length: number): void => {
    if (length <= tokens.data.length) return;
    if (tokens.length === 0 && spare !== null && spare.length >= length) {
      tokens.data = spare;
      spare = null;
    } else tokens.data = grown(tokens.data, Math.max(length, 4096));
  };

  const intern = (table: Map<string, number>, name: string): number => {
    let index = table.get(name);
    if (index === undefined) table.set(name, (index = table.size));
    return index;
  };

  /** The column of a channel with room for the tokens [from, to), which are to be written; before them none is left unwritten. */
  const roomFor = (channel: Channel, from: number, to: number): Float32Array<ArrayBuffer> => {
    const column = (channels[CHANNEL_INDEX[channel]] ??= { data: spareColumns.pop() ?? new Float32Array(1024), length: 0 });
    if (to > column.data.length) column.data = grown(column.data, Math.max(to, tokens.data.length));
    if (column.length < from) column.data.fill(NaN, column.length, from);
    column.length = Math.max(column.length, to);
    return column.data;
  };

  return {
    get tokenCount() {
      return tokens.length;
    },
    get segmentCount() {
      return segmentStart.length;
    },
    addRollout: (row) => rollouts.push(row) - 1,
    setEventEnds(rollout, eventEnds) {
      rollouts[rollout] = { ...rollouts[rollout], eventEnds };
    },
    setTokensFrom(rollout, tokensFrom) {
      rollouts[rollout] = { ...rollouts[rollout], tokensFrom };
    },
    setVersions(rollout, versions) {
      rollouts[rollout] = { ...rollouts[rollout], versions };
    },
    beginTrajectory(rollout, branch, reward, advantage) {
      push(trajectoryReward, reward);
      push(trajectoryAdvantage, advantage);
      push(trajectoryRollout, rollout);
      push(trajectoryBranch, branch);
      push(trajectoryStart, tokens.length);
      push(trajectorySegment, segmentStart.length);
    },
    beginSegment(kind, flags, tool, action, endings = endingsOf(kind, flags)) {
      push(segmentStart, tokens.length);
      push(segmentKind, kind);
      push(segmentFlags, flags);
      push(segmentEndings, endings);
      push(segmentTool, tool === undefined ? NONE : intern(tools, tool));
      push(segmentAction, action === null ? NONE : intern(actions, action));
    },
    nextBlock(atomic) {
      const last = segmentStart.length - 1;
      const flags = segmentFlags.data[last];
      push(segmentStart, tokens.length);
      push(segmentKind, segmentKind.data[last]);
      push(segmentFlags, flags);
      push(segmentEndings, segmentEndings.data[last]);
      push(segmentTool, segmentTool.data[last]);
      push(segmentAction, NONE);
      segmentEndings.data[last] = 0;
      if (atomic) segmentFlags.data[last] = flags | FLAG.open;
    },
    addTokens(ids, from, to) {
      const at = tokens.length;
      roomForTokens(at + to - from);
      if (to - from >= BULK && from === 0 && to === ids.length) tokens.data.set(ids, at);
      else for (let i = from; i < to; i++) tokens.data[at + i - from] = ids[i]!;
      tokens.length = at + to - from;
    },
    addToken(id) {
      roomForTokens(tokens.length + 1);
      tokens.data[tokens.length++] = id;
    },
    markFinal(from) {
      let last = NONE;
      for (let s = from; s < segmentFlags.length; s++) {
        if ((segmentFlags.data[s] & FLAG.sampled) === 0) continue;
        segmentFlags.data[s] |= FLAG.final;
        last = s;
      }
      if (last !== NONE) segmentEndings.data[last] |= ENDING.final;
    },
    setChannel(channel, token, value) {
      if (!Number.isNaN(value)) roomFor(channel, token, token + 1)[token] = value;
    },
    setChannelRun(channel, first, values) {
      // A channel without any value stays away.
      if (firstKnown(values) < values.length) roomFor(channel, first, first + values.length).set(values, first);
    },
    setLogprobs(first, logprobs) {
      if (firstKnown(logprobs) === logprobs.length) return;
      writeSurprisals(logprobs, roomFor('surprisal', first, first + logprobs.length), first);
    },
    finish() {
      push(trajectoryStart, tokens.length);
      push(trajectorySegment, segmentStart.length);
      const batch: TrajectoryBatch = {
        rollouts,
        trajectoryRollout: trimmed(trajectoryRollout),
        trajectoryBranch: trimmed(trajectoryBranch),
        trajectoryReward: trimmed(trajectoryReward),
        trajectoryAdvantage: trimmed(trajectoryAdvantage),
        trajectoryStart: trimmed(trajectoryStart),
        tokens: trimmed(tokens),
        trajectorySegment: trimmed(trajectorySegment),
        segmentStart: trimmed(segmentStart),
        segmentKind: trimmed(segmentKind),
        segmentFlags: trimmed(segmentFlags),
        segmentEndings: trimmed(segmentEndings),
        segmentTool: trimmed(segmentTool),
        segmentAction: trimmed(segmentAction),
        tools: [...tools.keys()],
        actions: [...actions.keys()],
        channels: channels.map((column) => column && written(column, tokens.length)),
      };
      rollouts = [];
      trajectoryRollout = makeGrowable(Int32Array);
      trajectoryBranch = makeGrowable(Int32Array);
      trajectoryReward = makeGrowable(Float64Array);
      trajectoryAdvantage = makeGrowable(Float64Array);
      trajectoryStart = makeGrowable(Int32Array);
      trajectorySegment = makeGrowable(Int32Array);
      if (tokens.data.length <= SPARE_TOKENS) spare = tokens.data;
      spareColumns = channels.flatMap((column) => (column !== null && column.data.length <= SPARE_TOKENS ? [column.data] : []));
      tokens = makeGrowable(Int32Array, 0);
      segmentStart = makeGrowable(Int32Array);
      segmentKind = makeGrowable(Uint8Array);
      segmentFlags = makeGrowable(Uint8Array);
      segmentEndings = makeGrowable(Uint16Array);
      segmentTool = makeGrowable(Int32Array);
      segmentAction = makeGrowable(Int32Array);
      tools = new Map();
      actions = new Map();
      channels = CHANNELS.map(() => null);
      return batch;
    },
  };
}
