/** docs/axes.md as text: its rules from the tables of the product, its figures from whoever measured. */
import { AXES, type AxisId } from '../../src/core/axes/axes.ts';
import * as rules from '../../src/core/axes/rules.ts';
import { SOFTWARE_WORDS, WORD_RULES } from '../../src/core/axes/word-rules.ts';

const { EXTENSIONS, FENCES, FRAMES, FRAME_WEIGHT, LANGUAGE_WEIGHTS, PASSED_OVER, PATH_RULES, TOOL_RULES } = rules;

export interface Measured {
  readonly group: string;
  readonly axis: AxisId;
  readonly tasks: number;
  readonly right: number;
  readonly wrong: number;
  /** Nothing was guessed. */
  readonly unknown: number;
}

const percent = (part: number, of: number): string => `${of === 0 ? '–' : ((100 * part) / of).toFixed(0)} %`;

export function measuredTable(all: readonly Measured[]): string {
  const lines = all.map(
    ({ group, axis, tasks, right, wrong, unknown }) =>
      `| ${group} | ${axis} | ${tasks} | ${right} (${percent(right, tasks)}) | ${wrong} | ${unknown} |`,
  );
  return ['| log | axis | tasks | right | wrong | nothing guessed |', '|---|---|---|---|---|---|', ...lines].join('\n');
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

function rulesText(): string {
  const axes = AXES.map(({ id, label, tags }) => `- **${label}** (\`${id}\`): ${tags.map((tag) => `\`${tag.id}\``).join(', ')}`);
  const words = WORD_RULES.map(({ axis, tag, weight, words: list }) => {
    const own = axis === 'language' ? weight * LANGUAGE_WEIGHTS.word : weight;
    return `| ${axis === 'none' ? 'no software' : axis} | ${tag} | ${own} | ${list} |`;
  });
  const tools = TOOL_RULES.map(({ id, names, axis = '', tag = '', weight = '', software }) => {
    const of = software === undefined ? '' : software ? 'software' : 'no software';
    return `| ${id} | ${code(names)} | ${of} | ${axis} ${tag} ${weight} |`;
  });
  return [
    '## Axes and tags',
    '',
    ...axes,
    '',
    '## Rules',
    '',
    'Everything here is [ours].',
    '',
    '**Languages** by the endings of file names:',
    '',
    ...Object.entries(EXTENSIONS).map(([language, endings]) => `- ${language}: ${endings.map((ending) => code(`.${ending}`)).join(', ')}`),
    '',
    `A code fence counts by the language's id, its endings, and ${Object.values(FENCES).flat().map(code).join(', ')}.`,
    '',
    `Weights: the endings of files that edits and diffs name share ${LANGUAGE_WEIGHTS.edited * 10} by their counts, those of files that`,
    `calls or the task name share ${LANGUAGE_WEIGHTS.touched * 10}; a code fence weighs ${LANGUAGE_WEIGHTS.fence}`,
    `(of shell ${LANGUAGE_WEIGHTS.shellFence}, because agents write all their commands so), at most ten of a language.`,
    '',
    '**Words** of what is asked. Each rule counts at most three times, and once more where one of its words stands within the first 160',
    'characters:',
    '',
    '| axis | tag | weight | words |',
    '|---|---|---|---|',
    ...words,
    '',
    '**Tools** by their whole names in small letters; each counts at most three times:',
    '',
    '| rule | names | only tasks of | tag and weight |',
    '|---|---|---|---|',
    ...tools,
    '',
    '**Paths** of edited files, split where no letter is:',
    '',
    '| axis | tag | weight | parts |',
    '|---|---|---|---|',
    ...PATH_RULES.map(({ axis, tag, weight, parts, all = false }) => {
      const which = all ? ' (all edited files)' : '';
      return `| ${axis} | ${tag} | ${weight} | ${parts}${which} |`;
    }),
    '',
    `**Frames**: where the task stands between ${FRAMES.map(([open, close]) => `${code(open)} and ${code(close)}`).join(', ')},`,
    `only what is between is looked at, and \`bug-fixing\` weighs ${FRAME_WEIGHT} more.`,
    `User messages that begin with ${PASSED_OVER.map(code).join(', ')} are passed over.`,
    '',
    `**Words of software** (${SOFTWARE_WORDS.split('|').map(code).join(', ')}) speak against \`other\`.`,
  ].join('\n');
}

/** @param table as `measuredTable` writes it */
export function axesDocument(table: string): string {
  return `# Data axes: tags of tasks

Each task has a tag on three axes. Task types and scenarios are those of SWE-Compass (arXiv 2511.05459) and of the KAT-Coder
announcement (kwaipilot.github.io/KAT-Coder), which curated eight of each; its report (arXiv 2510.18779) names twenty languages.
\`other\` says that an axis does not apply; \`unknown\` that nothing is said or guessed. This page is written by \`npm run axes\` from
\`src/core/axes/rules.ts\` and \`word-rules.ts\`, and the figures below from real logs.

## What is in force

A tag by hand comes before one of a file, that before a guess which a person took over; the page marks each. Guesses that nobody took
over are shown and counted in the view Coverage and by \`espalier study coverage\`, where they can be left out. Filters, columns of the
rollout table (\`language:\`, \`tasktype:\`, \`scenario:\`), acts and exports know only what is said, because it is in the session and
does
not change with the rules: take guesses over first. Tags are said of tasks by their keys, as notes are, so they are undone and saved
with them
([session.md](formats/session.md), [notes.md](formats/notes.md), [tags.md](formats/tags.md)).

## The first guess

Evidence is gathered from each rollout as it was decoded, in records read again: no text leaves the worker, only counts. What is asked is
the last user message before the policy's first word (those before it are demonstrations), at most 20,000 characters; of calls the first
20,000 characters, of a rollout 2,000 parts. Rollouts of one task add up, except words, of which the most count that one of them has. The
tag with the largest weight is guessed; two of the same weight, or none, are \`unknown\`.

A task is \`other\` on all axes where something speaks for another kind of task (tools that no task of software has, tools that no rule
knows with nothing of software beside them, or words below) and that outweighs what speaks for software: 4 for each ending of edited
files and
each tool of software, 4 for code fences, 1 for each other ending, 2 for each word of software, at most three.

## How good it is

Tasks of real logs were labelled by hand by one person (\`test/unit/core/axes/labels.jsonl\`: addresses and tags, no text), from what is
asked and the first calls; where an axis could not be said of a task it has no label. Two logs are labelled whole, of others up to two
tasks. *Right* is the same tag; of the others, *wrong* and *nothing guessed* are told apart. The rules were adjusted once
after a look at these logs, so on others expect less; one person's labels are no agreement of several, and most of these tasks are Python
issues.

<!-- measured -->
${table}
<!-- end -->

## Coverage

\`espalier study coverage PATH…\` and the view Coverage (key \`o\`) count tasks, rollouts and distinct tokens with loss at the budget
for each pair of
tags of two axes, of one tag of the third if chosen, empty pairs too. Every task is in one cell.

## A mix at export

\`--mix-by\`, \`--mix-way\` and \`--mix\` of \`espalier prune\`, and the same settings under *Records* in the export dialog. \`--mix\`
names
tags (for \`tasktype/scenario\` pairs, such as \`bug-fixing/other\`) with shares, whatever they add up to; \`rest\` is all other tags
together, \`each\` each of them by itself; default \`each=1\`. Shares have at most three decimals and are compared as whole numbers.

- \`sample\`: whole tasks are taken by a seeded hash of their keys, as many as there can be, so that each tag has its share of tasks
  rounded up
  or down to a whole task. What no share is asked of is left out. Tags without a task leave their share to the others, and a line says so.
- \`cap\`: at most so many tasks of a tag, by the same hash. What nothing is asked of stays.
- \`weight\`: no task is left out that has a share; weights of tokens are multiplied so that each tag has its share of the sum of weights,
  which stays what it was. Files that cannot say weights, and the convention \`train-once\`, are refused with a sentence.

Tasks without records count for nothing. Equal records and \`--balance\` come before the mix. The manifest has for each tag what was
asked and
reached, tasks and records before and after, the factor of weights (\`totals.mix\`), and a SHA-256 of the tags. Where a log is pruned
in parts,
a mix is refused, as \`--balance\` is.

${rulesText()}
`;
}
