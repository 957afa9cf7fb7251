/** What a run has come to, so that it can be gone on with and told: kept in a folder, if one is named. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPoint } from './messages.ts';

/** A finding as it is kept. */
export interface KeptFinding {
  readonly target: string;
  readonly key: string;
  readonly message: string;
  readonly base64: string;
  readonly execution: number;
  times: number;
}

/** A stretch of the run by one build. */
export interface Stretch {
  readonly commit: string;
  readonly node: string;
  readonly threads: number;
  executions: number;
  seconds: number;
}

export interface State {
  readonly seed: number;
  executions: number;
  /** thread -> the number of its next execution */
  next: number[];
  counts: Record<string, number>;
  findings: KeptFinding[];
  memory: MemoryPoint[];
  stretches: Stretch[];
}

export function newState(seed: number): State {
  return { seed, executions: 0, next: [], counts: {}, findings: [], memory: [], stretches: [] };
}

export function readState(folder: string): State | null {
  const path = join(folder, 'state.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as State) : null;
}

/** Whole or not at all. */
export function writeState(folder: string, state: State): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'state.json');
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}
