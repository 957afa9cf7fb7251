/** `espalier study errors`: erroneous turns by rule, and what masking them would take from the loss. */
import { ERROR_RULES } from '../../core/errors/registry.ts';
import { columnOf, type RolloutColumns } from '../../core/rollouts/columns.ts';
import type { ErrorLoss, ErrorsAnswer, ErrorsAsked } from '../../engine/answers/errors.ts';
import { recordSettings } from '../../engine/export/record-settings.ts';
import type { Dataset } from '../api.ts';
import { recordFlags } from '../record-flags.ts';
import { note, print, printJson } from '../streams.ts';
import { counted, countText, shareText } from '../text/figures.ts';
import { UsageError } from '../usage.ts';
import type { StudyCommand, StudyFlags } from './study.ts';

const FLAGS = ['error-rules', 'corrections', 'corrected-within'] as const;

export const errors: StudyCommand = {
  id: 'errors',
  about: 'erroneous turns by rule, and what masking them takes from the loss',
  help: `Which turns went wrong, by rules that can be on or off: what each hits, how often a later turn corrects it, and the tokens whose
loss masking by it would take, of all that the policy sampled. What the rules find and miss, on turns labelled by reading, is in
docs/errors.md. espalier prune --mask-errors writes training sets with the same settings.

${ERROR_RULES.map(({ id, help }) => `  ${id.padEnd(14)} ${help}`).join('\n')}

  --error-rules LIST     rules that are on, at commas, or all (default all)
  --corrections WAY      mask, recovery or keep: mask all errors; let a recovery train that was only a repeated call; keep
                         errors that are corrected too (default recovery)
  --corrected-within N   turns within which a later call has to succeed for an error to count as corrected (default 3)
  --hits                 list the hits, one a line: its place, rollout, turn, rule and tool, the turn that corrects it, masked or not`,
  options: {
    'error-rules': { type: 'string' },
    corrections: { type: 'string' },
    'corrected-within': { type: 'string' },
    hits: { type: 'boolean' },
  },
  check: (flags) => void askedBy(flags),
  async run(dataset, flags, json) {
    const answer = await dataset.studies.errors(askedBy(flags));
    const listed = flags['hits'] === true ? await hitRows(dataset, answer) : null;
    if (json) printJson(report(answer, listed));
    else print(...(listed === null ? tableOf(answer) : listed.map(hitLine)));
    if (answer.withoutMessages > 0)
      note(`note: ${counted(answer.withoutMessages, 'rollout')} without messages: only marks of the log are known there`);
    if (answer.unread !== null) note(`note: ${counted(answer.unread.rollouts, 'rollout')} could not be read again: ${answer.unread.why}`);
    return answer.rollouts.all > 0 ? 0 : 1;
  },
};

/** Throws UsageError for flags that are none. */
function askedBy(flags: StudyFlags): ErrorsAsked {
  const given = Object.fromEntries(FLAGS.map((flag) => [flag, typeof flags[flag] === 'string' ? flags[flag] : undefined]));
  try {
    const { errorRules, corrections, correctedWithin } = recordSettings({ records: { errorRules: 'all', ...recordFlags(given) } });
    return { errorRules, corrections, correctedWithin, of: null };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--error-rules: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface HitRow {
  readonly file: string;
  readonly line: number;
  readonly rollout: string;
  readonly turn: number;
  readonly rule: string;
  readonly tool: string;
  readonly corrected_by: number | null;
  readonly masked: boolean;
}

function hitLine({ file, line, rollout, turn, rule, tool, corrected_by: by, masked }: HitRow): string {
  const place = line > 0 ? `${file}:${line}` : file;
  const corrected = by === null ? [] : [`corrected in turn ${by}`];
  return [place, rollout, `turn ${turn}`, rule, ...(tool === '' ? [] : [tool]), ...corrected, masked ? 'masked' : 'trains'].join('  ');
}

async function hitRows(dataset: Dataset, { hits, rules, tools }: ErrorsAnswer): Promise<HitRow[]> {
  const { table } = await dataset.rollouts();
  return Array.from({ length: hits.length }, (_, at) => {
    const rollout = hits.rollout[at] ?? 0;
    const by = hits.correctedBy[at] ?? 0;
    return {
      file: word(table, 'file', rollout),
      line: hits.line[at] ?? 0,
      rollout: word(table, 'id', rollout),
      turn: hits.turn[at] ?? 0,
      rule: rules[hits.rule[at] ?? 0]?.id ?? '',
      tool: tools[hits.tool[at] ?? -1] ?? '',
      corrected_by: by === 0 ? null : by,
      masked: hits.masked[at] === 1,
    };
  });
}

function word(table: RolloutColumns, id: string, rollout: number): string {
  const column = columnOf(table, id);
  return column?.type === 'text' ? (column.words[column.codes[rollout] ?? -1] ?? '') : '';
}

function tableOf({ rules, turns, rollouts, loss }: ErrorsAnswer): string[] {
  const share = (part: number, of: number): string => (of > 0 ? shareText(part / of) : '-');
  const head = ['rule', 'on', 'turns', 'of all', 'corrected', 'rollouts', 'alone', 'tokens with loss', 'of all'];
  const rows = rules.map((rule) => [
    rule.id,
    rule.isOn ? 'on' : 'off',
    countText(rule.turns),
    share(rule.turns, turns.all),
    countText(rule.corrected),
    countText(rule.rollouts),
    countText(rule.alone),
    countText(rule.takes.tokens),
    share(rule.takes.tokens, loss.tokens),
  ]);
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((text, c) => (c < 2 ? text.padEnd(widths[c] ?? 0) : text.padStart(widths[c] ?? 0))).join('  ');
  return [
    `${counted(turns.all, 'turn')} of ${counted(rollouts.all, 'rollout')}`,
    `rules that are on hit ${counted(turns.hit, 'turn')} of ${counted(rollouts.hit, 'rollout')}`,
    `masking as set takes ${lossText(loss.takes)}, ${share(loss.takes.tokens, loss.tokens)} of ${countText(loss.tokens)} tokens with loss`,
    '',
    line(head),
    ...rows.map(line),
  ];
}

function lossText({ turns, rollouts, tokens }: ErrorLoss): string {
  return `${counted(tokens, 'token')} of ${counted(turns, 'turn')} in ${counted(rollouts, 'rollout')}`;
}

function report({ rules, turns, rollouts, loss, overlap, withoutMessages, unread }: ErrorsAnswer, hits: readonly HitRow[] | null): object {
  return {
    turns,
    rollouts,
    loss,
    rules: rules.map((rule, at) => ({
      ...rule,
      overlap: Object.fromEntries(rules.flatMap(({ id }, other) => (other === at ? [] : [[id, overlap[at]?.[other] ?? 0]]))),
    })),
    without_messages: withoutMessages,
    unread,
    ...(hits === null ? {} : { hits }),
  };
}
