/**
 * docs/measured.json, docs/measured.md and the table in the README: what `npm run bench -- --write` measured. Sections may be run at
 * different times; a section that is run takes the place of all its rows.
 */
import type { Row } from './rows/row.ts';

export interface MeasuredRow extends Omit<Row, 'value' | 'reference' | 'ratio'> {
  readonly section: string;
  readonly value: number | null;
  readonly reference: number | null;
  readonly ratio: number | null;
}

export interface Measurement {
  /** Of each section, when it was run and on what. */
  readonly runs: Readonly<Record<string, { readonly on: string; readonly machine: string }>>;
  readonly rows: readonly MeasuredRow[];
}

const START = '<!-- measured: made by `npm run bench -- --write` -->';
const END = '<!-- end of measured -->';

/** What the README says of rows, by how their names begin. */
const HEADLINES: readonly (readonly [name: string, words: string])[] = [
  [
    'open to frozen forest, 2 threads: chat log',
    'opening 40 MB of chat, tokenising included; beside `JSON.parse`, gpt-tokenizer and a trie of Maps',
  ],
  ['open to frozen forest, 2 threads: token-id log', 'opening 40 MB of token ids and log-probs; beside the same without a tokenizer'],
  ['tokeniser, new texts', 'tokenising, ids equal; beside gpt-tokenizer'],
  ['slider tick: the cut and all its counters', 'a tick of the slider with all figures, a million nodes; beside running a heap again'],
  ['layout of 1000000 nodes: icicle', 'placing a million nodes; beside d3-hierarchy'],
];

/** @param measured rows of the sections that were run, all of them; NaN becomes null */
export function merge(
  before: Measurement,
  sections: Readonly<Record<string, readonly Row[]>>,
  run: { readonly on: string; readonly machine: string },
): Measurement {
  const runs = { ...before.runs };
  let rows = before.rows.filter(({ section }) => sections[section] === undefined);
  for (const [section, found] of Object.entries(sections)) {
    runs[section] = run;
    rows = [
      ...rows,
      ...found.map((row) => ({ ...row, section, value: orNull(row.value), reference: orNull(row.reference), ratio: orNull(row.ratio) })),
    ];
  }
  return { runs, rows };
}

export function measuredDocument({ runs, rows }: Measurement): string {
  const parts = [
    '# Measured',
    'Made by `npm run bench -- --write` and `npm run bench:browser -- --write`; nothing here is written by hand. Each figure stands ' +
      'beside a reference from the same run. ' +
      'Ratio: how many times better than the reference; for memory, quality and tokens it is value ÷ reference. What the figures ' +
      'mean, and where they end: [limits.md](limits.md).',
  ];
  for (const [section, { on, machine }] of Object.entries(runs)) {
    const own = rows.filter((row) => row.section === section);
    if (own.length === 0) continue;
    parts.push(
      `## ${section}`,
      `${on}, ${machine}`,
      [
        '| what | ours | reference | unit | ratio | goal | |',
        '|---|---:|---:|---|---:|---|---|',
        ...own.map(
          ({ name, value, reference, unit, ratio, goal, note }) =>
            `| ${[name, figure(value), figure(reference), unit, figure(ratio), goal, note].map(cell).join(' | ')} |`,
        ),
      ].join('\n'),
    );
  }
  return `${parts.join('\n\n')}\n`;
}

/** The README with its table put in. Throws where it has no place for it, or a row of it was not measured. */
export function readmeWithMeasured(readme: string, { rows }: Measurement): string {
  const [before, rest] = readme.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('README.md has no place for what was measured');
  const lines = HEADLINES.map(([name, words]) => {
    const row = rows.find((candidate) => candidate.name.startsWith(name));
    if (row?.ratio === undefined || row.ratio === null) throw new Error(`nothing was measured of "${name}"`);
    return `| ${words} | ${figure(row.ratio)} × as fast |`;
  });
  return `${before}${START}\n\n${['| what, beside what, in one run | |', '|---|---:|', ...lines].join('\n')}\n\n${END}${after}`;
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function figure(value: number | null): string {
  if (value === null) return '';
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1);
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
