/** `espalier study coverage`: tags of tasks, how many there are of each pair of tags, and tags as a file. */
import { AXES, AXIS_IDS, isAxisId, tagLabel, UNKNOWN, type AxisId } from '../../core/axes/axes.ts';
import { coverageOf, type Coverage, type CoverageCell } from '../../core/axes/coverage.ts';
import { tagNames, tagsInForce, type TagsInForce } from '../../core/axes/force.ts';
import { DEFAULT_RULE } from '../../core/model/rule.ts';
import type { GuessedTask, TaskGuesses } from '../../engine/answers/coverage.ts';
import { coverageCsv } from '../../engine/coverage-csv.ts';
import { tagRows, tagsCsv, tagsJsonl } from '../../engine/tag-file.ts';
import { guessText } from '../../engine/words/axes.ts';
import type { Dataset } from '../api.ts';
import { share } from '../prune-flags.ts';
import { note, print, printJson } from '../streams.ts';
import { counted, countText } from '../text/figures.ts';
import { UsageError } from '../usage.ts';
import type { StudyCommand, StudyFlags } from './study.ts';

interface Asked {
  readonly rows: AxisId;
  readonly columns: AxisId;
  readonly budget: { readonly cut: number; readonly train: number };
  readonly way: 'table' | 'csv' | 'tags-csv' | 'tags-jsonl';
  readonly guesses: boolean;
}

type Tagged = GuessedTask & { readonly force: TagsInForce; readonly tokens: number };

export const coverage: StudyCommand = {
  id: 'coverage',
  about: 'tags of tasks on the axes language, task type and scenario, and how many there are of each pair',
  help: `Guesses tags of each task by stated rules (docs/axes.md), puts what is said by --tags, --notes or --session in their place, and
counts tasks, rollouts and distinct tokens with loss for each pair of tags.

  --rows AXIS            language, tasktype (default) or scenario
  --columns AXIS         another of them (default scenario)
  --budget SHARE         tokens with loss at this cut, under the default rule (default 100%)
  --train-budget SHARE   and at this train budget (default 100%)
  --no-guesses           only what is said; all else is unknown
  --csv                  print CSV: a row for each pair, empty ones too
  --tags-csv             print the tags in force as a file for --tags: task, axis, tag, source
  --tags-jsonl           the same as JSON lines`,
  options: {
    rows: { type: 'string' },
    columns: { type: 'string' },
    budget: { type: 'string' },
    'train-budget': { type: 'string' },
    'no-guesses': { type: 'boolean' },
    csv: { type: 'boolean' },
    'tags-csv': { type: 'boolean' },
    'tags-jsonl': { type: 'boolean' },
  },
  check: (flags) => void askedOf(flags),
  async run(dataset, flags, json) {
    const asked = askedOf(flags);
    const guessed = await dataset.studies.guessTags();
    const tasks = taggedOf(dataset, guessed, asked);
    const cells = coverageOf(
      tasks.map(({ force, rollouts, tokens }) => ({ tags: tagNames(force), rollouts, tokens })),
      asked.rows,
      asked.columns,
    );
    if (guessed.wordless > 0) note(`note: ${counted(guessed.wordless, 'rollout')} without messages: nothing speaks for a tag of theirs`);
    if (guessed.unread !== null) note(`note: ${counted(guessed.unread.rollouts, 'rollout')} not read: ${guessed.unread.why}`);
    if (json) printJson(report(tasks, cells, asked, guessed));
    else if (asked.way === 'csv') print(...linesOf(coverageCsv(cells, asked.rows, asked.columns)));
    else if (asked.way === 'tags-csv') print(...linesOf(tagsCsv(tagRows(tasks))));
    else if (asked.way === 'tags-jsonl') print(...linesOf(tagsJsonl(tagRows(tasks))));
    else print(...lines(tasks, cells, asked));
    return tasks.length > 0 ? 0 : 1;
  },
};

function linesOf(text: string): string[] {
  return text.trimEnd().split(/\r?\n/);
}

function askedOf(flags: StudyFlags): Asked {
  const axis = (flag: string, standard: AxisId): AxisId => {
    const value = flags[flag] ?? standard;
    if (!isAxisId(value)) throw new UsageError(`--${flag}: expected ${AXIS_IDS.join(', ')}, found ${String(value)}`);
    return value;
  };
  const [rows, columns] = [axis('rows', 'tasktype'), axis('columns', flags['rows'] === 'scenario' ? 'tasktype' : 'scenario')];
  if (rows === columns) throw new UsageError(`--rows and --columns: expected two axes, found ${rows} twice`);
  const ways = (['csv', 'tags-csv', 'tags-jsonl'] as const).filter((way) => flags[way] === true);
  if (ways.length + (flags['json'] === true ? 1 : 0) > 1)
    throw new UsageError('--json, --csv, --tags-csv and --tags-jsonl all go to standard output; give one of them');
  const text = (flag: string): string | undefined => (typeof flags[flag] === 'string' ? flags[flag] : undefined);
  const budget = { cut: share('--budget', text('budget'), 1), train: share('--train-budget', text('train-budget'), 1) };
  return { rows, columns, budget, way: ways[0] ?? 'table', guesses: flags['no-guesses'] !== true };
}

function taggedOf(dataset: Dataset, { tasks }: TaskGuesses, { budget, guesses }: Asked): readonly Tagged[] {
  const { tokens } = dataset.studies.taskLoss(dataset.prune(DEFAULT_RULE, budget).order.orderId, budget);
  return tasks.map((task) => ({ ...task, force: tagsInForce(task.said, guesses ? task.guess : null), tokens: tokens[task.row] ?? 0 }));
}

function report(tasks: readonly Tagged[], cells: Coverage, asked: Asked, { wordless, unread }: TaskGuesses): object {
  return {
    rows: { axis: asked.rows, tags: cells.rows },
    columns: { axis: asked.columns, tags: cells.columns },
    cells: cells.cells,
    total: cells.total,
    budget: asked.budget,
    rollouts_without_messages: wordless,
    rollouts_not_read: unread?.rollouts ?? 0,
    tasks: tasks.map(({ key, rollouts, tokens, force, guess }) => ({
      task: key,
      rollouts,
      tokens_with_loss: tokens,
      tags: Object.fromEntries(
        AXIS_IDS.map((axis) => {
          const { tag, from } = force[axis];
          return [axis, { tag, source: from, guess: guess[axis].tag, why: guessText(axis, guess[axis]) }];
        }),
      ),
    })),
  };
}

/** 3 tasks, 4 rollouts, 120 tokens */
function cellText({ tasks, rollouts, tokens }: CoverageCell): string {
  return [counted(tasks, 'task'), counted(rollouts, 'rollout'), counted(tokens, 'token')].join(', ');
}

function lines(tasks: readonly Tagged[], { rows, columns, cells, rowTotals, total }: Coverage, asked: Asked): string[] {
  const out = [
    `${counted(total.tasks, 'task')}, ${counted(total.rollouts, 'rollout')}, ${counted(total.tokens, 'token')} with loss ` +
      `(cut ${asked.budget.cut * 100} %, train ${asked.budget.train * 100} %)`,
  ];
  for (const { id, label } of AXES) {
    const of = (from: string | null): number => tasks.filter(({ force }) => force[id].from === from).length;
    out.push(
      `${label}: ${countText(of('hand'))} by hand, ${countText(of('file'))} of a file, ${countText(of('guess'))} guesses taken over, ` +
        `${countText(of('rules'))} guessed, ${countText(of(null))} unknown`,
    );
  }
  for (const [r, row] of rows.entries()) {
    const own = rowTotals[r];
    if (own === undefined || own.tasks === 0) continue;
    out.push('', `${name(asked.rows, row)}: ${cellText(own)}`);
    for (const [c, column] of columns.entries()) {
      const cell = cells[r]?.[c];
      if (cell === undefined || cell.tasks === 0) continue;
      out.push(`  ${name(asked.columns, column)}: ${cellText(cell)}`);
    }
  }
  const empty = cells.flat().filter(({ tasks: count }) => count === 0).length;
  out.push('', `${countText(empty)} of ${countText(rows.length * columns.length)} pairs of tags have no task`);
  return out;
}

function name(axis: AxisId, tag: string): string {
  return tag === UNKNOWN ? UNKNOWN : tagLabel(axis, tag);
}
