/** The tables of a report: files, settings, figures, rollouts and notes, in the words that the page has for them. Pure. */
import type { Budget, PruneRule } from '../../../core/model/rule.ts';
import type { Notes, Subject } from '../../../core/notes/notes.ts';
import type { RolloutColumn } from '../../../core/rollouts/columns.ts';
import { RULE_FIELD_LIST } from '../../../core/rule/fields.ts';
import type { DatasetFacts } from '../../../engine/answers/dataset.ts';
import { entropyText, tokenText } from '../../../engine/words/sources.ts';
import { bytes, exact, honestPercent, percent, plural } from '../../text/format.ts';
import type { AfterLine } from '../budget/after-lines.ts';
import { cellText } from '../table/cell.ts';
import type { ReportTable } from './report.ts';

/** Rollouts that are listed; the others are counted. */
const MOST_ROLLOUTS = 500;
/** Files that are listed. */
const MOST_FILES = 200;

const text = (label: string) => ({ label, isNumber: false });
const number = (label: string) => ({ label, isNumber: true });

export function filesTable({ inputs }: DatasetFacts): ReportTable {
  return {
    caption: 'Files',
    columns: [text('file'), text('format'), number('size'), number('records'), number('rollouts'), number('unused'), number('notes')],
    rows: inputs
      .slice(0, MOST_FILES)
      .map((input) => [
        input.name,
        input.format === null ? 'not recognised' : input.formatLabel,
        bytes(input.bytes),
        ...[input.records, input.rollouts, input.issueCount, input.noteCount].map(exact),
      ]),
    rest: inputs.length > MOST_FILES ? `${exact(inputs.length - MOST_FILES)} more files are left out.` : '',
  };
}

export function openFacts(facts: DatasetFacts): readonly string[] {
  const { tokens, entropy, rewards } = facts;
  const counts = [
    `${plural(facts.rollouts, 'rollout')} of ${plural(facts.tasks, 'task')}`,
    plural(facts.trajectories, 'trajectory', 'trajectories'),
    `${exact(tokens.flat)} flat tokens`,
    `${exact(tokens.distinct)} distinct`,
    `${percent(tokens.por)} shared`,
    `${exact(tokens.sampled)} sampled`,
  ];
  const known = entropy.sources.length === 0 ? '' : `, known for ${honestPercent(entropy.coverage)} of sampled tokens`;
  return [
    `${counts.join(', ')}.`,
    `Tokens: ${tokenText(facts.tokenOrigin)}. Entropy: ${entropyText(entropy)}${known}.`,
    rewards === null
      ? 'The log has no rewards.'
      : `Rewards of ${plural(rewards.known, 'rollout')}: ${rewards.min} to ${rewards.max}, mean ${rewards.mean.toFixed(3)}.`,
    ...(facts.complete ? [] : ['The log is not read to its end: these are the figures of what is there so far.']),
    `Fingerprint of the log: ${facts.fingerprint}.`,
  ];
}

export function settingsTable(rule: PruneRule, budget: Budget, preset: string): ReportTable {
  const rows = RULE_FIELD_LIST.map((field): readonly string[] => {
    const { name, label, default: standard } = field;
    const value = rule[name];
    const said = value === undefined ? 'not set' : field.write(value) || 'none';
    const isStandard = value === undefined || (standard !== undefined && field.write(standard) === field.write(value));
    return [label, said, isStandard ? 'default' : 'chosen'];
  });
  return {
    caption: 'Settings',
    columns: [text('setting'), text('value'), text('chosen or default')],
    rows: [['Preset', preset, ''], ['Cut budget', percent(budget.cut), ''], ['Train budget', percent(budget.train), ''], ...rows],
    rest: '',
  };
}

export function figuresTable(lines: readonly AfterLine[]): ReportTable {
  return {
    caption: 'Before and after',
    columns: [text('figure'), number('before'), number('after'), text('what it counts')],
    rows: lines.map(({ name, before, after, about }) => [name, before ?? '', after, about]),
    rest: '',
  };
}

/** @param rows rollouts in their order */
export function rolloutsTable(columns: readonly RolloutColumn[], rows: ArrayLike<number>): ReportTable {
  const shown = Array.from({ length: Math.min(rows.length, MOST_ROLLOUTS) }, (_, i) => rows[i] ?? 0);
  const left = rows.length - shown.length;
  return {
    caption: 'Rollouts',
    columns: columns.map(({ label, type }) => ({ label, isNumber: type === 'number' })),
    rows: shown.map((r) =>
      columns.map((column) => {
        const { shown: short, exact: whole } = cellText(column, r);
        return column.type === 'number' || short === '–' ? short : whole;
      }),
    ),
    rest: left === 0 ? '' : `The first ${exact(shown.length)} of ${exact(rows.length)}; ${plural(left, 'more rollout')} left out.`,
  };
}

/** @param nameOf what the page calls a subject */
export function notesTable(notes: Notes, nameOf: (subject: Subject) => string): ReportTable {
  return {
    caption: 'Notes and labels',
    columns: [text('about'), text('labels'), text('note')],
    rows: notes.map(({ subject, labels, text: said }) => [nameOf(subject), labels.join(', '), said]),
    rest: '',
  };
}
