/** Labels of turns, made by reading, and how well error rules do on them: precision and recall with the weights of the draw. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { meanInterval } from '../../src/core/decisions/mean-interval.ts';
import { ERROR_RULES } from '../../src/core/errors/registry.ts';
import { errorTurns, type ErrorTurn } from './errorTurns.ts';

const LABELS = fileURLToPath(new URL('../labels/errors.tsv', import.meta.url));

export interface ErrorLabel extends Pick<ErrorTurn, 'file' | 'rollout' | 'branch' | 'event' | 'hash'> {
  readonly stratum: string;
  /** Turns of the data that it stands for. */
  readonly weight: number;
  readonly isError: boolean;
  /** What went wrong, as `KINDS` names it. */
  readonly kinds: readonly string[];
  /** The second reading; null: it was not read again. */
  readonly second: boolean | null;
}

export function readLabels(): ErrorLabel[] {
  const [, ...lines] = readFileSync(LABELS, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [file = '', rollout, branch, event, hash = '', stratum = '', weight, error, kinds = '-', second] = line.split('\t');
    return {
      file,
      rollout: Number(rollout),
      branch: Number(branch),
      event: Number(event),
      hash,
      stratum,
      weight: Number(weight),
      isError: error === '1',
      kinds: kinds === '-' ? [] : kinds.split(','),
      second: second === '-' ? null : second === '1',
    };
  });
}

/** Rule -> the kind of error that it is about; `flagged` is about none of its own. */
const KINDS: Readonly<Record<string, string>> = {
  'exit-code': 'exit',
  traceback: 'exception',
  reported: 'refused',
  'http-status': 'http',
  schema: 'schema',
  'no-op-edit': 'no-op',
  'repeated-call': 'repeat',
  'format-error': 'format',
};

export interface LabelledTurn extends ErrorLabel {
  /** Rules that hit it now; null: the data has no such turn, or it says something else. */
  readonly rules: readonly string[] | null;
}

/** The labels with what the rules say of their turns. */
export async function judgedLabels(labels: readonly ErrorLabel[]): Promise<LabelledTurn[]> {
  const turns = new Map<string, ErrorTurn>();
  for (const file of new Set(labels.map((label) => label.file)))
    for (const turn of await errorTurns(file)) turns.set(addressOf(turn), turn);
  return labels.map((label) => {
    const turn = turns.get(addressOf(label));
    return { ...label, rules: turn?.hash === label.hash ? turn.rules : null };
  });
}

function addressOf({ file, rollout, branch, event }: Pick<ErrorTurn, 'file' | 'rollout' | 'branch' | 'event'>): string {
  return `${file} ${rollout} ${branch} ${event}`;
}

/** A share of weighted turns. */
interface Share {
  /** Turns, not weighted. */
  readonly part: number;
  readonly of: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The interval is Wilson's score for as many turns of equal weight as would vary the share as little: (Σw)² ÷ Σw² (Kish 1965). [ours]
 */
function shareOf(turns: readonly ErrorLabel[], isPart: (turn: ErrorLabel) => boolean): Share {
  const sum = (of: (turn: ErrorLabel) => number): number => turns.reduce((all, turn) => all + of(turn), 0);
  const weight = sum((turn) => turn.weight);
  const share = sum((turn) => (isPart(turn) ? turn.weight : 0)) / weight;
  const n = weight ** 2 / sum((turn) => turn.weight ** 2);
  const { low, high } = meanInterval({ n, mean: share, squares: 0 }, 'wilson');
  return { part: turns.filter(isPart).length, of: turns.length, share, low, high };
}

/** The two tables of docs/errors.md and the figures below them. */
export function qualityTables(judged: readonly LabelledTurn[]): string {
  const errors = judged.filter(({ isError }) => isError);
  const rows = [...ERROR_RULES.map(({ id }) => id), 'any'].map((id) => {
    const isHit = (turn: ErrorLabel): boolean => {
      const rules = (turn as LabelledTurn).rules ?? [];
      return id === 'any' ? rules.length > 0 : rules.includes(id);
    };
    const kind = KINDS[id];
    const own = errors.filter(({ kinds }) => kind !== undefined && kinds.includes(kind));
    return [
      id === 'any' ? 'any of them' : `\`${id}\``,
      told(shareOf(judged.filter(isHit), ({ isError }) => isError)),
      kind === undefined ? '—' : told(shareOf(own, isHit)),
      told(shareOf(errors, isHit)),
    ];
  });
  const twice = judged.filter(({ second }) => second !== null);
  const agreed = twice.filter(({ isError, second }) => isError === second).length;
  const rate = shareOf(judged, ({ isError }) => isError);
  return [
    '| rule | precision: hits that are errors | recall in its own kind | recall among all errors |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    `Labelled turns: ${judged.length}, of which ${errors.length} are errors; with the weights of the draw ${percent(rate.share)} of the`,
    `turns of the data are (95 % interval ${percent(rate.low)} to ${percent(rate.high)}). Read twice: ${twice.length}; the`,
    `two readings agree on ${agreed} of them, Cohen’s κ ${kappa(twice).toFixed(2)}.`,
  ].join('\n');
}

function told({ part, of, share, low, high }: Share): string {
  return of === 0 ? 'none in the sample' : `${percent(share)} (${percent(low)}–${percent(high)}), ${part} of ${of}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Cohen's kappa (1960) of two readings. */
export function kappa(turns: readonly Pick<ErrorLabel, 'isError' | 'second'>[]): number {
  const n = turns.length;
  const agree = turns.filter(({ isError, second }) => isError === second).length / n;
  const first = turns.filter(({ isError }) => isError).length / n;
  const second = turns.filter((turn) => turn.second === true).length / n;
  const chance = first * second + (1 - first) * (1 - second);
  return (agree - chance) / (1 - chance);
}
