/** Opens a `forest` export again: columns of nodes straight into a batch, so that the same tree comes out. */
import { CHANNELS } from '../core/model/batch.ts';
import { ENDING, FLAG, KIND, KINDS } from '../core/model/kinds.ts';
import { FOREST_FILE, FOREST_SEALED, FOREST_VERSION } from '../core/export/forest-record.ts';
import { upgrade, type Upgraded } from '../core/model/versions.ts';
import type { BatchWriter } from '../core/tokens/batch-writer.ts';
import { NumberFaults } from '../core/tokens/plausible.ts';
import { refuse } from './envelope.ts';
import { expansionOfPaths, expansionRoom, tooMuch } from './expansion.ts';
import { readNodes, type ForestNodes } from './forest-nodes.ts';
import { readActions, readTrajectory } from './forest-trajectories.ts';
import { makeForestVersions } from './forest-versions.ts';
import type { Decoded, Format, RecordPlace, Report } from './format.ts';
import { describe, get, getList, getString, has, isObject } from './json.ts';

export const espalierForest: Format = {
  id: 'espalier-forest',
  label: 'Espalier forest export',
  hasMessages: false,
  detects: (record) => isObject(record) && has(record, 'espalier_forest'),
  decode: (): readonly Decoded[] => [refuse('forest-line', 'messages', 'a forest export, which holds token ids')],
  write: writeForestLine,
  isSealed(record) {
    const version = get(record, 'espalier_forest');
    return get(record, 'sha256') !== undefined || (typeof version === 'number' && version >= FOREST_SEALED && version <= FOREST_VERSION);
  },
  restore(record) {
    const upgraded = upgradeForest(record);
    return upgraded.ok ? upgraded.record : null;
  },
};

function upgradeForest(record: unknown): Upgraded<unknown> {
  return upgrade(FOREST_FILE, get(record, 'espalier_forest'), record);
}

/**
 * Writes every trajectory of a forest line. @returns records: the rollouts it names, each used or with an issue. A line
 * that does not add up is one record with one issue, and nothing of it is used.
 */
function writeForestLine(written: unknown, place: RecordPlace, writer: BatchWriter, report: Report): number {
  const refuseLine = (expected: string, found: string): number => {
    report('record', { code: 'forest-line', expected, found });
    return 1;
  };
  const upgraded = upgradeForest(written);
  if (!upgraded.ok) return refuseLine(`a forest export up to version ${FOREST_VERSION}`, upgraded.reason);
  const { record } = upgraded;
  const faults = new NumberFaults();
  const read = readNodes(record, faults);
  if (!read.ok) return refuseLine(read.expected, read.found);
  const { nodes } = read;
  const actions = readActions(record);
  if (actions === null) return refuseLine('a list of texts at actions', describe(get(record, 'actions')));
  const depth = depthsOf(nodes);
  const entries = (getList(record, 'trajectories') ?? []).map((entry) => readTrajectory(entry, { depth, actions }, faults));
  if (entries.length === 0) return refuseLine('at least one trajectory', 'none');
  const rollouts = rolloutsOf(entries);
  if (typeof rollouts === 'string') return refuseLine('branches of a rollout that are told apart', rollouts);
  const missed = missedNode(nodes, entries);
  if (missed !== null) return refuseLine('a trajectory through every node', `none through node ${missed}`);
  const leaves = entries.map((entry) => ('leaf' in entry ? entry.leaf : undefined));
  const size = expansionOfPaths(nodes.parent, nodes.tokens, leaves);
  const room = expansionRoom(place.address.size);
  if (size > room) {
    report('record', tooMuch(size, room));
    return 1;
  }
  const task = getString(record, 'task') ?? '';
  // Advantages that the export's rule computed are not what a log says.
  const logged = getString(get(record, 'rule'), 'advantage') === 'logged';
  const rows = new Map<number, number>();
  const versions = makeForestVersions();
  const passes = new Int32Array(nodes.parent.length);
  let records = 0;
  for (const entry of entries) {
    if (!('leaf' in entry)) {
      report('record', { code: 'forest-trajectory', ...entry });
      records++;
      continue;
    }
    const { number, rollout, origin, leaf, branch, reward, status, policy, startedAt } = entry;
    const advantage = logged ? entry.advantage : null;
    let row = rows.get(number);
    if (row === undefined) {
      row = writer.addRollout({
        ...place,
        id: rollout,
        task,
        taskLabel: getString(record, 'label') ?? task,
        address: { ...place.address, member: rows.size },
        reward,
        advantage,
        status,
        policy,
        startedAt,
        origin,
      });
      rows.set(number, row);
      records++;
    }
    versions.add(row, branch, entry.versions);
    writer.beginTrajectory(row, branch, reward ?? NaN, advantage ?? NaN);
    writePath(writer, nodes, leaf, passes, sampledBy(entry.sampled), entry.actions);
  }
  versions.write(writer, report);
  for (const note of faults.notes()) report('note', note);
  return records;
}

/** What is wrong with how trajectories make up rollouts, if anything: a rollout has each branch once, and one id. */
function rolloutsOf(entries: readonly ReturnType<typeof readTrajectory>[]): string | null {
  const names = new Map<number, string>();
  const branches = new Set<string>();
  for (const entry of entries) {
    if (!('leaf' in entry)) continue;
    const { number, branch, rollout, origin } = entry;
    const name = `${origin.name}\n${origin.line}\n${rollout}`;
    if ((names.get(number) ?? name) !== name) return `two ids of rollout ${number}, one of them ${describe(rollout)}`;
    names.set(number, name);
    if (branches.has(`${number} ${branch}`)) return `branch ${branch} of rollout ${number} twice`;
    branches.add(`${number} ${branch}`);
  }
  return null;
}

/** node -> tokens from the root to its end */
function depthsOf({ parent, tokens }: ForestNodes): number[] {
  const depth: number[] = [];
  parent.forEach((above, n) => depth.push((depth[above] ?? 0) + (tokens[n]?.length ?? 0)));
  return depth;
}

/** A node that no trajectory passes; null where there is none, or where a trajectory cannot be read. */
function missedNode({ parent }: ForestNodes, entries: readonly ReturnType<typeof readTrajectory>[]): number | null {
  const passed = new Uint8Array(parent.length);
  for (const entry of entries) {
    if (!('leaf' in entry)) return null;
    for (let n = entry.leaf; n >= 0 && passed[n] === 0; n = parent[n] ?? -1) passed[n] = 1;
  }
  const missed = passed.indexOf(0);
  return missed < 0 ? null : missed;
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
        if (values) writer.setChannelRun(channel, first, values);
      }
  }
}

/** To be asked for positions that ascend: whether the trajectory sampled its token there. */
function sampledBy(bounds: readonly number[]): (position: number) => boolean {
  let at = 0;
  return (position) => {
    while (at < bounds.length && (bounds[at] ?? 0) <= position) at++;
    return at % 2 === 1;
  };
}
