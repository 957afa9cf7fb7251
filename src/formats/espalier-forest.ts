/** Opens a `forest` export again: columns of nodes straight into a batch, so that the same tree comes out. */
import { CHANNELS, type Channel } from '../core/model/batch.ts';
import { ENDING, FLAG, KIND, KINDS, type Kind } from '../core/model/kinds.ts';
import { FOREST_FILE, FOREST_VERSION } from '../core/export/forest-record.ts';
import { guessEndings } from '../core/tree/guess-endings.ts';
import { upgrade, type Upgraded } from '../core/model/versions.ts';
import type { BatchWriter } from '../core/tokens/batch-writer.ts';
import { refuse } from './envelope.ts';
import type { Decoded, Format, RecordPlace, Report } from './format.ts';
import { describe, get, getList, getNumber, getObject, getString, has, isObject } from './json.ts';

export const espalierForest: Format = {
  id: 'espalier-forest',
  label: 'Espalier forest export',
  hasMessages: false,
  detects: (record) => isObject(record) && has(record, 'espalier_forest'),
  decode: (): readonly Decoded[] => [refuse('forest-line', 'messages', 'a forest export, which holds token ids')],
  write: writeForestLine,
  restore(record) {
    const upgraded = upgradeForest(record);
    return upgraded.ok ? upgraded.record : null;
  },
};

function upgradeForest(record: unknown): Upgraded<unknown> {
  return upgrade(FOREST_FILE, get(record, 'espalier_forest'), record);
}

interface ForestNodes {
  readonly parent: readonly number[];
  readonly tokens: readonly (readonly number[])[];
  readonly kind: readonly number[];
  readonly kinds: readonly number[];
  readonly flags: readonly number[];
  readonly endings: ArrayLike<number>;
  readonly tool: readonly (string | undefined)[];
  readonly channels: Readonly<Partial<Record<Channel, readonly unknown[]>>>;
}

/**
 * Writes every trajectory of a forest line. @returns records: the rollouts it names, each used or with an issue. A line
 * that does not add up is one record with one issue.
 */
function writeForestLine(written: unknown, place: RecordPlace, writer: BatchWriter, report: Report): number {
  const refuseLine = (expected: string, found: string): number => {
    report('record', { code: 'forest-line', expected, found });
    return 1;
  };
  const upgraded = upgradeForest(written);
  if (!upgraded.ok) return refuseLine(`a forest export up to version ${FOREST_VERSION}`, upgraded.reason);
  const { record } = upgraded;
  const nodes = readNodes(record);
  if (nodes === null) return refuseLine('node columns of one length, parents before children', 'columns that do not fit');
  const trajectories = getList(record, 'trajectories') ?? [];
  if (trajectories.length === 0) return refuseLine('at least one trajectory', 'none');
  const task = getString(record, 'task') ?? '';
  // Advantages that the export's rule computed are not what a log says.
  const logged = getString(get(record, 'rule'), 'advantage') === 'logged';
  const rows = new Map<string, number>();
  const passes = new Int32Array(nodes.parent.length);
  let records = 0;
  for (const entry of trajectories) {
    const leaf = getNumber(entry, 'leaf') ?? -1;
    const id = getString(entry, 'rollout');
    if (id === undefined || !Number.isInteger(leaf) || leaf < 0 || leaf >= nodes.parent.length) {
      report('record', {
        code: 'forest-trajectory',
        expected: `a rollout id and a leaf below ${nodes.parent.length}`,
        found: describe(entry).slice(0, 120),
      });
      records++;
      continue;
    }
    const source = getObject(entry, 'source');
    const origin = { name: getString(source, 'name') ?? '', line: getNumber(source, 'line') ?? 0 };
    const key = `${origin.name}\n${origin.line}\n${id}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = writer.addRollout({
        ...place,
        id,
        task,
        taskLabel: getString(record, 'label') ?? task,
        address: { ...place.address, member: rows.size },
        reward: getNumber(entry, 'reward') ?? null,
        advantage: (logged ? getNumber(entry, 'advantage') : undefined) ?? null,
        status: getString(entry, 'status') ?? '',
        policy: getString(entry, 'policy') ?? '',
        startedAt: getNumber(entry, 'startedAt') ?? null,
        origin,
      });
      rows.set(key, row);
      records++;
    }
    writer.beginTrajectory(
      row,
      getNumber(entry, 'branch') ?? 0,
      getNumber(entry, 'reward') ?? NaN,
      (logged ? getNumber(entry, 'advantage') : undefined) ?? NaN,
    );
    writePath(writer, nodes, leaf, passes, sampledBy(entry), actionsOf(record, entry));
  }
  return records;
}

/**
 * The path's nodes from the root, one segment each. Where trajectories disagreed on a node's kind, as many of the first ones
 * through it take the other kinds as did before: the counts come out the same.
 */
function writePath(
  writer: BatchWriter,
  nodes: ForestNodes,
  leaf: number,
  passes: Int32Array,
  isSampled: (position: number) => boolean,
  actions: ReadonlyMap<number, string>,
): void {
  const path: number[] = [];
  let depth = 0;
  for (let n = leaf; n >= 0; n = nodes.parent[n] ?? -1) path.push(n);
  for (const n of path.reverse()) {
    const pass = passes[n] ?? 0;
    passes[n] = pass + 1;
    const kind = nodes.kind[n] ?? KIND.text;
    const others = KINDS.map((_, index) => index).filter((index) => index !== kind && (((nodes.kinds[n] ?? 0) >> index) & 1) === 1);
    const flags = ((nodes.flags[n] ?? 0) & ~(FLAG.mixed | FLAG.sampled)) | (isSampled(depth) ? FLAG.sampled : 0);
    const ids = nodes.tokens[n] ?? [];
    depth += ids.length;
    const own = others[pass] ?? kind;
    // Of the kinds, a segment ends with its own.
    const endings = (nodes.endings[n] ?? 0) & ((1 << own) | ENDING.error | ENDING.final | ENDING.turn);
    writer.beginSegment(own, flags, nodes.tool[n], actions.get(depth) ?? null, endings);
    const first = writer.tokenCount;
    writer.addTokens(ids, 0, ids.length);
    // Means are of all trajectories: given once, they come back as they are, and not as a mean of themselves.
    if (pass === 0)
      for (const channel of CHANNELS) {
        const values = nodes.channels[channel]?.[n];
        if (Array.isArray(values))
          values.forEach((value, i) => {
            if (typeof value === 'number' && i < ids.length) writer.setChannel(channel, first + i, value);
          });
      }
  }
}

/** To be asked for positions that ascend: whether the trajectory sampled its token there. */
function sampledBy(trajectory: unknown): (position: number) => boolean {
  const bounds = (getList(trajectory, 'sampled') ?? []).filter(isInteger);
  let at = 0;
  return (position) => {
    while (at < bounds.length && (bounds[at] ?? 0) <= position) at++;
    return at % 2 === 1;
  };
}

/** Tokens of the trajectory up to an action's end -> the action. What does not fit is left out: only the action tree lacks it. */
function actionsOf(record: unknown, trajectory: unknown): ReadonlyMap<number, string> {
  const names = getList(record, 'actions') ?? [];
  const ends = getList(trajectory, 'action_end') ?? [];
  const actions = new Map<number, string>();
  (getList(trajectory, 'action') ?? []).forEach((index, i) => {
    const name = isInteger(index) ? names[index] : undefined;
    const end = ends[i];
    if (typeof name === 'string' && isInteger(end)) actions.set(end, name);
  });
  return actions;
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function isRun(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every(isInteger);
}

function isKind(value: unknown): value is Kind {
  return KINDS.some((kind) => kind === value);
}

function readNodes(record: unknown): ForestNodes | null {
  const numbers = (key: string): readonly number[] | null => {
    const list = getList(record, key);
    return list?.every(isInteger) ? list : null;
  };
  const parent = numbers('parent');
  const flags = numbers('flags');
  const kinds = numbers('kinds');
  const endings = numbers('endings');
  const sampledCount = numbers('sampled_count');
  const tokens = getList(record, 'token_ids');
  const names = getList(record, 'kind');
  const tools = getList(record, 'tool');
  if (!parent || !flags || !kinds || !sampledCount || !tokens || !names || !tools || parent.length === 0) return null;
  const columns = [...(endings ? [endings] : []), flags, kinds, sampledCount, tokens, names, tools];
  if (columns.some((column) => column.length !== parent.length)) return null;
  if (parent.some((value, n) => value < -1 || value >= n)) return null;
  if (!tokens.every(isRun)) return null;
  if (!names.every(isKind)) return null;
  const channels: Partial<Record<Channel, readonly unknown[]>> = {};
  for (const channel of CHANNELS) {
    const column = getList(getObject(record, 'tokens'), channel);
    if (column) channels[channel] = column;
  }
  const kind = names.map((name) => KIND[name]);
  const tool = tools.map((name) => (typeof name === 'string' ? name : undefined));
  return {
    parent,
    flags,
    kinds,
    endings: endings ?? guessEndings({ parent, kind, tool, flags }),
    tokens,
    kind,
    tool,
    channels,
  };
}
