/**
 * Whether the forest of what is being read will fit: told from the first of it, before memory is short. Where it does not, reading
 * ends at the room there is, what was read stays, and each file that is not read to its end has an issue with the numbers. [ours]
 */
import { MAX_TAB_FOREST_BYTES } from '../base/bounds.ts';
import type { RecordAddress } from '../core/model/address.ts';
import type { Issue } from '../core/model/issue.ts';
import { CHANNELS } from '../core/model/batch.ts';
import type { RolloutRow } from '../core/model/batch.ts';
import type { ForestBuilder } from '../core/tree/build.ts';
import type { Frozen } from '../core/tree/freeze.ts';
import type { Opening } from './opening-inputs.ts';

/** What a tab gives forests: threads, vocabularies and the page take the rest. */
export const TAB_ROOM = MAX_TAB_FOREST_BYTES;

/** So much of the input tells how dense it is, or this share of a shorter one. */
const TELLING_BYTES = 16 << 20;
const TELLING_SHARE = 0.1;

/** Bytes of a node and of a trajectory when frozen, beside its tokens. */
const NODE_BYTES = 60;
const TRAJECTORY_BYTES = 64;
/** Bytes of the row of a rollout and of its copy, beside their texts. */
const ROW_BYTES = 650;

/** How far reading has come, and what it takes. */
export interface Reach {
  /** Read of the input, and all of it. */
  readonly bytes: number;
  readonly total: number;
  readonly distinctTokens: number;
  /** Bytes that what was open before takes. */
  readonly open: number;
  /** Bytes that are taken with what was read: `heldBytes`. */
  readonly held: number;
  readonly room: number;
}

/** Bytes of a builder and of the forest that is frozen from it, which are there at the same time. O(1). */
export function forestBytes({ pool, nodes, sums, trajectories }: ForestBuilder): number {
  const columns: ({ readonly byteLength: number } | null)[] = [pool.data, sums.square, ...sums.sum, ...sums.count, nodes.votes.data];
  for (const first of sums.first) columns.push(first && first.data);
  for (const column of Object.values(nodes)) if (ArrayBuffer.isView(column)) columns.push(column);
  for (const { data } of Object.values(trajectories)) columns.push(data);
  const built = columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), 0);
  const channels = CHANNELS.filter((_, c) => sums.first[c] !== null || sums.sum[c] !== null).length;
  const frozen = 4 * pool.length * (1 + channels) + sums.blockLength * (12 * channels + 8);
  return built + frozen + NODE_BYTES * nodes.length + TRAJECTORY_BYTES * trajectories.rollout.length;
}

/** Bytes of rows of rollouts, each with its copy that the frozen forest holds. O(rows). */
export function rowBytes(rows: readonly RolloutRow[]): number {
  let bytes = ROW_BYTES * rows.length;
  for (const { id, task, taskLabel, eventEnds = '', tokensFrom = '', versions = '', facts = '' } of rows)
    bytes += id.length + task.length + taskLabel.length + eventEnds.length + tokensFrom.length + versions.length + facts.length;
  return bytes;
}

/** Bytes of what is open while more is read to it: its forests stay until the next ones, of which they are part, are complete. */
export function openBytes(forests: readonly Pick<Frozen, 'forest' | 'remainder' | 'actionStart' | 'actionEnd'>[], rows: number): number {
  return forests.reduce(
    (sum, frozen) => sum + 2 * columnBytes([frozen.forest, frozen.remainder, frozen.actionStart, frozen.actionEnd]),
    rows,
  );
}

/** Bytes of the columns in a table, and in the tables inside it. */
function columnBytes(table: object): number {
  let bytes = 0;
  for (const column of Object.values(table) as unknown[])
    if (ArrayBuffer.isView(column)) bytes += column.byteLength;
    else if (typeof column === 'object' && column !== null) bytes += columnBytes(column);
  return bytes;
}

/** All that is taken of the room. O(1). */
export function heldBytes({ tokens, actions, open, rows }: Pick<Opening, 'tokens' | 'actions' | 'open' | 'rows'>): number {
  return forestBytes(tokens) + forestBytes(actions) + open + rows;
}

/** What all will take, if the rest of the input is like what was read of it; null: too little was read to tell. */
export function expectedBytes({ bytes, total, open, held }: Reach): number | null {
  const isTelling = bytes >= Math.min(TELLING_BYTES, TELLING_SHARE * total) && bytes > 0;
  return isTelling ? open + (held - open) * Math.max(1, total / bytes) : null;
}

/** What is said while reading goes on; null: it fits, or it is too soon to tell. */
export function outlook(reach: Reach): string | null {
  const expected = expectedBytes(reach);
  if (expected === null || expected <= reach.room) return null;
  const needs = `${all(reach)} would take about ${size(expected)} of memory, and there is room for ${size(reach.room)}`;
  return `${soFar(reach)}: ${needs}. Reading ends where the room does; what is read until then stays. ${WAY_OUT}`;
}

/** @param unread bytes of this input that are not read @param address where they lie */
export function noRoom(file: string, unread: number, address: RecordAddress, reach: Reach): Issue {
  const expected = `a log whose forest takes at most ${size(reach.room)} of memory`;
  const needs = expectedBytes(reach);
  const whole = needs === null ? '' : `, and ${all(reach)} would take about ${size(needs)}`;
  const before = reach.open > 0 ? ' with what was open before' : '';
  const found = `${soFar(reach)}, which take ${size(reach.held)}${before}${whole}; ${size(unread)} of this file are not read. ${WAY_OUT}`;
  return { severity: 'record', file, line: 0, address, code: 'no-room', expected, found };
}

const WAY_OUT = 'Open fewer files, or cut the log in parts with `espalier prune --stream`.';

function all({ open }: Reach): string {
  return open > 0 ? 'all of it, with what was open before,' : 'all of it';
}

function soFar({ bytes, total, distinctTokens }: Reach): string {
  return `${size(bytes)} of ${size(total)} hold ${distinctTokens.toLocaleString('en')} distinct tokens`;
}

function size(bytes: number): string {
  const [unit, name] = bytes >= 1e9 ? [1e9, 'GB'] : [1e6, 'MB'];
  return `${(bytes / unit).toLocaleString('en', { maximumFractionDigits: 1 })} ${name}`;
}
