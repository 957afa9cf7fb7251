/** What in a log tells rounds: a field of its records, a label that a person gave, names of files, the policy's version. */
import { NONE } from '../../../core/model/kinds.ts';
import type { RolloutColumn, TextColumn } from '../../../core/rollouts/columns.ts';
import { naturalOrder } from '../../../core/rollouts/natural-order.ts';
import type { RolloutsAnswer } from '../../answers/rollouts.ts';
import type { RoundSource } from '../../answers/rounds.ts';

/** A source with the round of each rollout. */
export interface FoundRounds extends RoundSource {
  readonly names: readonly string[];
  /** rollout -> row of `names`, NONE: it does not say. */
  readonly round: Int32Array;
}

/** The last step of a field's name. */
const FIELD = /(?:^|[._-])(?:round|iteration|iter|attempt|epoch)(?:[_-]?(?:id|idx|index|number|num|no))?$/i;
const LABEL = /^round[:\s_-]\s*(.+)$/i;
const IN_NAME = /(?:^|[/._-])(?:round|iteration|iter|attempt|epoch)[-_. ]?(\d{1,9})(?=[/._-]|$)/gi;

/** Versions in their order; names of models are told apart by nothing that says which came first. */
const VERSION = /^(?:v|version|step|global_step|policy|iteration|iter|epoch|round|checkpoint|ckpt)?[-_ ]?\d{1,12}$/i;

/** Pairs of a task and a round that are counted: a field that is another in each rollout, such as an id of attempts, has too many. */
export const MOST_PAIRS = 1 << 22;

/** Those that tell any, in the order in which they are believed. */
export function findRounds({ columns, task, taskCount, length }: RolloutsAnswer): FoundRounds[] {
  const found: FoundRounds[] = [];
  const add = (
    id: string,
    label: string,
    wordOf: (rollout: number) => string | undefined,
    isSure: (name: string) => boolean = () => true,
  ): void => {
    const words = Array.from({ length }, (_, r) => wordOf(r));
    const names = naturalOrder([...new Set(words.filter((word) => word !== undefined))]).words;
    if (names.length === 0) return;
    const rowOf = new Map(names.map((name, row) => [name, row]));
    const round = Int32Array.from(words, (word) => (word === undefined ? NONE : (rowOf.get(word) ?? NONE)));
    const rollouts = round.reduce((sum, each) => sum + Number(each !== NONE), 0);
    const isTaken = names.length * taskCount <= MOST_PAIRS && names.every((name) => isSure(name));
    found.push({ id, label, names, round, rounds: names.length, rollouts, tasks: tasksOfSeveral(round, task), isTaken });
  };
  const columnOf = (id: string): RolloutColumn | undefined => columns.find((each) => each.id === id);
  for (const column of columns)
    if (column.id.startsWith('field.') && FIELD.test(column.id.slice('field.'.length)) && column.type !== 'set')
      add(column.id, `field ${column.label}`, (r) => wordIn(column, r));
  const labels = columnOf('label');
  if (labels?.type === 'set') {
    const named = labels.words.map((word) => LABEL.exec(word)?.[1]);
    add('label', 'label round:N', (r) =>
      [...labels.items.subarray(labels.start[r], labels.start[r + 1])].map((item) => named[item]).find((name) => name !== undefined),
    );
  }
  const files = columnOf('file');
  if (files?.type === 'text') {
    const numbers = files.words.map((path) => [...path.matchAll(IN_NAME)].at(-1)?.[1]);
    add('file', 'number in the file’s name', (r) => numbers[files.codes[r] ?? NONE]?.replace(/^0+(?=\d)/, ''));
  }
  const policy = columnOf('policy');
  if (policy?.type === 'text')
    add(
      'policy',
      'policy version',
      (r) => wordIn(policy, r),
      (name) => VERSION.test(name),
    );
  if (files?.type === 'text') {
    const folders = foldersOf(files);
    add(
      'folder',
      'folder',
      (r) => folders[files.codes[r] ?? NONE],
      () => false,
    );
  }
  return found;
}

/** The one that is asked for, else the first that tells two rounds or more and may be taken unasked. */
export function chosenRounds(found: readonly FoundRounds[], by: string | null): FoundRounds | null {
  if (by !== null) return found.find(({ id }) => id === by) ?? null;
  return found.find(({ isTaken, rounds }) => isTaken && rounds > 1) ?? null;
}

function wordIn(column: RolloutColumn, r: number): string | undefined {
  if (column.type === 'text') return column.words[column.codes[r] ?? NONE];
  if (column.type === 'set') return undefined;
  const value = column.values[r] ?? Number.NaN;
  return Number.isNaN(value) ? undefined : String(value);
}

/** path -> its first folder that is not that of all; undefined: it lies in none */
function foldersOf({ words }: TextColumn): readonly (string | undefined)[] {
  const paths = words.map((path) => path.split('/').slice(0, -1));
  let depth = 0;
  while (paths.every((steps) => steps[depth] !== undefined && steps[depth] === paths[0]?.[depth])) depth++;
  return paths.map((steps) => steps[depth]);
}

function tasksOfSeveral(round: Int32Array, task: Int32Array): number {
  const first = new Map<number, number>();
  const several = new Set<number>();
  for (const [r, own] of round.entries()) {
    const of = task[r] ?? NONE;
    if (own === NONE || of === NONE) continue;
    const known = first.get(of);
    if (known === undefined) first.set(of, own);
    else if (known !== own) several.add(of);
  }
  return several.size;
}
