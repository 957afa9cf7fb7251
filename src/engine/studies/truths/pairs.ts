/** Calls of one rollout beside those of its nearest ground truth. */
import { NONE } from '../../../core/model/kinds.ts';
import { answerDistance, answerWords } from '../../../core/truths/answers.ts';
import { CALL, compareArguments, pairCost, type MadeCall, type TrueArgument, type TrueCall } from '../../../core/truths/calls.ts';
import { alignCalls } from '../../../core/truths/discrepancy.ts';
import type { TruthPairRow, TruthPairs } from '../../answers/truths.ts';
import { rolloutKeys } from './answer.ts';
import { comparedTools } from './measure.ts';
import type { TruthStudy } from './study.ts';

/** Rows that are told at most. */
const MOST_ROWS = 2000;
const MOST_WORDS = 400;
const MOST_VALUE = 120;

/** Null where the log has no such rollout, or its discrepancy is unknown. */
export function truthPairs(study: TruthStudy, key: string): TruthPairs | null {
  const r = rolloutKeys(study).indexOf(key);
  const measured = study.measured[r] ?? null;
  const did = study.made[r] ?? null;
  const task = study.task[r] ?? NONE;
  const truth = study.truths.of[task]?.[measured?.nearest ?? NONE];
  if (measured === null || did === null || truth === undefined) return null;
  const tools = comparedTools(study.truths.of, study.settings.tools)(task);
  const isPatchAlone = measured.comparesPatch && study.settings.patch === 'alone';
  const calls = isPatchAlone ? [] : truth.calls.filter(({ tool }) => tools === null || tools.has(tool));
  const made = isPatchAlone ? [] : measured.compared.flatMap((at) => did.calls[at] ?? []);
  const cost = (i: number, j: number): number => {
    const [a, b] = [made[i], calls[j]];
    return a === undefined || b === undefined ? CALL : pairCost(a, b);
  };
  const rows = alignCalls(made.length, calls.length, cost).map(([i, j]): TruthPairRow => {
    const [a, b] = [made[i], calls[j]];
    return {
      made: a === undefined ? null : madeText(a),
      truth: b === undefined ? null : trueText(b),
      differs: a === undefined || b === undefined ? [] : compareArguments(a, b).differing.map((name) => differenceText(name, a, b)),
      cost: i === NONE || j === NONE ? 1 : cost(i, j) / CALL,
    };
  });
  const said = did.answer ?? '';
  return {
    rollout: key,
    rows: rows.slice(0, MOST_ROWS),
    more: Math.max(0, rows.length - MOST_ROWS),
    cost: rows.reduce((sum, row) => sum + row.cost, 0),
    answer: measured.comparesAnswer
      ? {
          distance: answerDistance(answerWords(said), answerWords(truth.answer ?? '')),
          made: said.slice(0, MOST_WORDS),
          truth: (truth.answer ?? '').slice(0, MOST_WORDS),
        }
      : null,
    patch: measured.comparesPatch
      ? {
          distance: answerDistance(did.patch?.lines ?? [], truth.patch ?? []),
          made: did.patch?.lines.length ?? 0,
          truth: truth.patch?.length ?? 0,
        }
      : null,
  };
}

function madeText({ tool, args }: MadeCall): string {
  return callText(
    tool,
    args.map(([name, value]) => (name === '' ? value : `${name}=${value}`)),
  );
}

function trueText({ tool, args, compares }: TrueCall): string {
  const written = ({ name, value, accepted }: TrueArgument): string =>
    `${name === null || name === '' ? '' : `${name}${accepted === undefined ? '=' : ' in '}`}${value}`;
  const only = compares === null ? '' : compares.length === 0 ? ' (only its name is compared)' : ` (only ${compares.join(', ')} compared)`;
  return callText(tool, args.map(written)) + only;
}

function differenceText(name: string, made: MadeCall, truth: TrueCall): string {
  const given = made.args.find(([own]) => own === name)?.[1];
  const place = made.args.findIndex(([own]) => own === name);
  const expected = truth.args.find((argument, at) => argument.name === name || (argument.name === null && at === place));
  const short = (value: string): string => (value.length <= MOST_VALUE ? value : `${value.slice(0, MOST_VALUE)}…`);
  const wanted = expected === undefined ? 'not expected' : `not ${short(expected.value)}`;
  return `${name === '' ? 'its text' : name}: ${given === undefined ? 'missing' : short(given)}, ${wanted}`;
}

function callText(tool: string, args: readonly string[]): string {
  const text = `${tool}(${args.join(', ')})`;
  return text.length <= MOST_WORDS ? text : `${text.slice(0, MOST_WORDS)}… (${text.length} characters)`;
}
