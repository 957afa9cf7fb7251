/** A run as a document: what was run, how much of the source it reached, what it found, and how memory went. */
import { cpus, totalmem } from 'node:os';
import type { Grown } from './corpus.ts';
import { readRegressions } from './corpus.ts';
import type { MemoryPoint } from './messages.ts';
import type { State } from './state.ts';
import type { Target } from './target.ts';

/** A source file with its marks: numbers [first, first + count). */
export interface MarkedFile {
  readonly path: string;
  readonly first: number;
  readonly count: number;
}

export interface Told {
  readonly state: State;
  readonly files: readonly MarkedFile[];
  /** mark -> 1 where it was reached */
  readonly seen: Uint8Array;
  readonly targets: readonly Target[];
  readonly grown: Grown;
  /** Keys of what the build that reports still breaks. */
  readonly broken: ReadonlySet<string>;
}

const MOST_POINTS = 40;

export function fuzzReport(told: Told): string {
  const sections = [
    ['# Fuzzing', '<!-- Made by `npm run fuzz -- --report`; not edited by hand. -->', about(told)],
    executions(told),
    findings(told),
    memory(told),
    coverage(told),
  ];
  return `${sections.flat().join('\n\n')}\n`;
}

function about({ state }: Told): string {
  const seconds = state.stretches.reduce((sum, stretch) => sum + stretch.seconds, 0);
  const rows = state.stretches
    .filter((stretch) => stretch.executions > 0)
    .map(({ commit, node, threads, executions: count, seconds: took }) => [commit, node, whole(threads), whole(count), whole(took)]);
  return [
    `${whole(state.executions)} executions in ${whole(seconds)} seconds, seed ${state.seed}, on ${cpus()[0]?.model.trim()} ` +
      `(${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB), shared with other work. The inputs ` +
      'follow from the seed and the kept inputs.',
    table(['Commit', 'Node', 'Threads', 'Executions', 'Seconds'], rows),
  ].join('\n\n');
}

function executions({ state, targets, grown }: Told): string[] {
  const rows = targets.map(({ id, seeds, make }) => [
    id,
    make === undefined ? whole(seeds.length) : 'made',
    whole(grown.get(id)?.length ?? 0),
    whole(state.counts[id] ?? 0),
  ]);
  return [
    '## Executions',
    'Kept: inputs that reached a block which none before them had reached, and those that once broke something.',
    table(['Reader', 'Seeds', 'Kept', 'Executions'], rows),
  ];
}

function findings({ state, broken }: Told): string[] {
  const files = readRegressions();
  if (state.findings.length === 0) return ['## Findings', 'None.'];
  const rows = state.findings.map(({ target, key, message, times, execution }) => [
    target,
    key.slice(target.length + 2),
    message.split('\n')[0].slice(0, 160),
    whole(times),
    whole(execution),
    broken.has(key) ? '**stands**' : 'mended',
  ]);
  return [
    '## Findings',
    `Each was found once and counted from then on; ${files.length} inputs of findings lie in test/fuzz/regressions, from where a ` +
      'unit test runs them.',
    table(['Reader', 'What broke', 'How', 'Times', 'First at', 'Now'], rows),
  ];
}

function memory({ state }: Told): string[] {
  const step = Math.max(1, Math.ceil(state.memory.length / MOST_POINTS));
  const points = state.memory.filter((_, i) => i % step === 0 || i === state.memory.length - 1);
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const quarter = (from: number, to: number): string => {
    const part = state.memory.slice(Math.floor(state.memory.length * from), Math.ceil(state.memory.length * to));
    return mb(median(part.map(({ heap, external }) => heap + external)));
  };
  const rows = points.map(({ executions: at, heap, external, resident }: MemoryPoint) => [whole(at), mb(heap), mb(external), mb(resident)]);
  return [
    '## Memory',
    `After a collection, in MB. Heap and what it holds outside: ${quarter(0.25, 0.5)} in the second quarter of the run, ` +
      `${quarter(0.75, 1)} in the last.`,
    table(['Executions', 'Heap', 'Outside', 'Process'], rows),
  ];
}

function coverage({ files, seen }: Told): string[] {
  const counted = files.map(({ path, first, count }) => ({
    path,
    count,
    reached: seen.subarray(first, first + count).reduce((a, b) => a + b, 0),
  }));
  const rooms = new Map<string, { count: number; reached: number }>();
  for (const { path, count, reached } of counted) {
    const room = path.split('/').slice(1, -1).join('/');
    const sum = rooms.get(room) ?? { count: 0, reached: 0 };
    rooms.set(room, { count: sum.count + count, reached: sum.reached + reached });
  }
  const share = (reached: number, count: number): string => (count === 0 ? '' : `${Math.floor((reached / count) * 100)} %`);
  const byRoom = [...rooms]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([room, { count, reached }]) => [room, whole(reached), whole(count), share(reached, count)]);
  const byFile = counted
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, count, reached }) => [path.slice(4), whole(reached), whole(count), share(reached, count)]);
  return [
    '## Coverage',
    'Blocks that were reached: functions, branches, loops, cases, and what `?:`, `&&`, `||`, `??` and defaults may leave out. Files ' +
      'that the readers do not need are not in it.',
    table(['Room', 'Reached', 'Blocks', ''], byRoom),
    table(['File', 'Reached', 'Blocks', ''], byFile),
  ];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function whole(value: number): string {
  return value.toLocaleString('en');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
