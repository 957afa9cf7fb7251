/** The nodes of a forest export's line, checked whole before any of it is used. */
import { MAX_ENTROPY, MAX_SURPRISAL, MAX_TOKEN_ID } from '../base/bounds.ts';
import { CHANNELS, type Channel } from '../core/model/batch.ts';
import { KIND, KINDS, type Kind } from '../core/model/kinds.ts';
import { ADVANTAGES, type NumberFaults, type NumberRange } from '../core/tokens/plausible.ts';
import { guessEndings } from '../core/tree/guess-endings.ts';
import { describe, get, getList, getObject } from './json.ts';

export interface ForestNodes {
  readonly parent: readonly number[];
  readonly tokens: readonly (readonly number[])[];
  readonly kind: readonly number[];
  readonly kinds: readonly number[];
  readonly flags: readonly number[];
  readonly endings: ArrayLike<number>;
  readonly tool: readonly (string | undefined)[];
  /** node -> values of its tokens, NaN unknown; null where it has none */
  readonly channels: Readonly<Partial<Record<Channel, readonly (ArrayLike<number> | null)[]>>>;
}

export type ReadNodes =
  { readonly ok: true; readonly nodes: ForestNodes } | { readonly ok: false; readonly expected: string; readonly found: string };

/** Where text was tokenised anew a token of ours has the sum of those that it is made of: up to one for each 4 of its 128 bytes. */
const TOKENS_IN_ONE = 32;
const RANGES: Readonly<Record<Channel, NumberRange>> = {
  entropy: { name: 'entropies', least: 0, most: TOKENS_IN_ONE * MAX_ENTROPY, slack: 0 },
  entropyLow: { name: 'bounds on entropy', least: 0, most: TOKENS_IN_ONE * MAX_ENTROPY, slack: 0 },
  entropyHigh: { name: 'bounds on entropy', least: 0, most: TOKENS_IN_ONE * MAX_ENTROPY, slack: 0 },
  surprisal: { name: 'surprisals', least: 0, most: TOKENS_IN_ONE * MAX_SURPRISAL, slack: 0 },
  advantage: ADVANTAGES,
  model: { name: 'entropies of a model', least: 0, most: TOKENS_IN_ONE * MAX_ENTROPY, slack: 0 },
};

class Misfit extends Error {
  readonly expected: string;
  readonly found: string;

  constructor(expected: string, found: string) {
    super(expected);
    this.expected = expected;
    this.found = found;
  }
}

/** @param faults takes values of tokens that cannot be: they count as unknown */
export function readNodes(record: unknown, faults: NumberFaults): ReadNodes {
  try {
    return { ok: true, nodes: nodesOf(record, faults) };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { ok: false, expected: error.expected, found: error.found };
  }
}

function nodesOf(record: unknown, faults: NumberFaults): ForestNodes {
  const length = getList(record, 'parent')?.length ?? 0;
  if (length === 0) throw new Misfit('a node or more, with its parent at parent', describe(get(record, 'parent')));
  const parent = integers(record, 'parent', length, -1, length - 1);
  parent.forEach((above, n) => {
    if (above >= n) throw new Misfit('parents that stand before their children', `${above} as the parent of node ${n}`);
  });
  const flags = integers(record, 'flags', length, 0, 0xff);
  const kinds = integers(record, 'kinds', length, 0, (1 << KINDS.length) - 1);
  integers(record, 'sampled_count', length, 0, Number.MAX_SAFE_INTEGER);
  const kind = column(record, 'kind', length).map((name, n) => {
    if (!isKind(name)) throw new Misfit(`one of ${KINDS.join(', ')} at kind`, `${describe(name)} at node ${n}`);
    return KIND[name];
  });
  const tool = column(record, 'tool', length).map((name, n) => {
    if (typeof name === 'string') return name;
    if (name !== null) throw new Misfit('names or null at tool', `${describe(name)} at node ${n}`);
    return undefined;
  });
  const tokens = column(record, 'token_ids', length).map((run, n) => {
    if (!Array.isArray(run) || run.length === 0) throw new Misfit('a token id or more for each node', `${describe(run)} at node ${n}`);
    return run.map((id: unknown) => integer(id, 'token_ids', n, 0, MAX_TOKEN_ID));
  });
  const endings = get(record, 'endings') === undefined ? null : integers(record, 'endings', length, 0, 0xffff);
  return {
    parent,
    flags,
    kinds,
    endings: endings ?? guessEndings({ parent, kind, tool, flags }),
    tokens,
    kind,
    tool,
    channels: channelsOf(record, tokens, faults),
  };
}

function channelsOf(record: unknown, tokens: ForestNodes['tokens'], faults: NumberFaults): ForestNodes['channels'] {
  const channels: Partial<Record<Channel, (ArrayLike<number> | null)[]>> = {};
  const values = getObject(record, 'tokens');
  for (const channel of CHANNELS) {
    if (get(values, channel) === undefined) continue;
    channels[channel] = column(values, channel, tokens.length).map((run, n) => {
      if (run === null) return null;
      const own = tokens[n]?.length ?? 0;
      if (!Array.isArray(run) || run.length !== own)
        throw new Misfit(`${own} values or null at tokens.${channel}`, `${describe(run)} at node ${n}`);
      const numbers = run.map((value: unknown) => {
        if (value === null) return Number.NaN;
        if (typeof value !== 'number') throw new Misfit(`numbers or null at tokens.${channel}`, `${describe(value)} at node ${n}`);
        return value;
      });
      return faults.column(numbers, RANGES[channel], ` of node ${n}`);
    });
  }
  return channels;
}

function column(record: unknown, key: string, length: number): readonly unknown[] {
  const list = getList(record, key);
  if (list?.length !== length) throw new Misfit(`${length} entries at ${key}, one for each node`, describe(get(record, key)));
  return list;
}

function integers(record: unknown, key: string, length: number, least: number, most: number): number[] {
  return column(record, key, length).map((value, n) => integer(value, key, n, least, most));
}

function integer(value: unknown, key: string, n: number, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Misfit(`integers from ${least} to ${most} at ${key}`.replace('-', '−'), `${describe(value)} at node ${n}`);
}

function isKind(value: unknown): value is Kind {
  return KINDS.some((kind) => kind === value);
}
