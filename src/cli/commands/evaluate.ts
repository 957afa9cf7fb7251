/** `espalier evaluate PATH…`: strategies and train methods side by side, as one page and as JSON. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { EvaluationOptions } from '../../engine/answers/evaluation.ts';
import { measuredText, whyText } from '../../engine/words/gradient.ts';
import { ACT_HELP, ACT_OPTIONS, actLines, actsOf, refuseFaults, wheresOf } from '../act-flags.ts';
import { open, type Dataset } from '../api.ts';
import { searchProgress } from '../filter-flag.ts';
import { importedFile, importLines } from '../import-flag.ts';
import { readInputs, refuseToOverwrite } from '../inputs.ts';
import { filesOfFlags, OPEN_HELP, OPEN_OPTIONS, openProgress, REGARD_HELP } from '../open-flags.ts';
import { share } from '../prune-flags.ts';
import { evaluationPage } from '../report/page.ts';
import { pruneRule, RULE_HELP, RULE_OPTIONS } from '../rule-flags.ts';
import { readScores, restoreScores } from '../scores-flag.ts';
import { counted } from '../text/figures.ts';
import { intoFile, refuseFile, UsageError } from '../usage.ts';
import { NOTES_HELP, openOptions, readSession, SAID_OPTIONS } from '../session-flag.ts';
import { note, printHelp, progress } from '../streams.ts';
import { refusedTexts } from '../../engine/words/sources.ts';

export const EVALUATE_HELP = `espalier evaluate PATH… --out report.html [options]

Compares strategies and train methods at some budgets: signal retained, cosine and norm of the gradient against the full set's,
effective tokens, endings and tasks kept. The gradient is measured on sketches by a scoring model.

  --out FILE             page to write: one file, no script, nothing to load
  --json FILE            the same figures as JSON
  --budgets LIST         shares, for example 5,10,20,30,50% (default)
  --strategies LIST      which strategies: all (default), none, or names as for --strategy of prune
  --train-methods LIST   which train methods: all (default), none, or names as for --train of prune
  --seeds N              draws of what depends on a seed (default 5)
  --scores FILE          scores with sketches, as saved by espalier score
  --model DIR            or a model to score with now: a folder as for espalier score, or bundled
  --import-scores FILE[:COLUMN]
                         scores per token from a JSONL file, by node key or by rollout, for --signal imported
${RULE_HELP.replace('--model SHAPE      ', '--model-shape SHAPE')}
${ACT_HELP}
  --session FILE         settings, rule, marks, notes and verdicts of a session that the page saved; flags come first
${NOTES_HELP}
${OPEN_HELP}
${REGARD_HELP}

Exit codes: 0 done, 1 no record or no model was usable, 2 usage error; espalier --help lists all.
`;

const OPTIONS = {
  ...RULE_OPTIONS,
  ...OPEN_OPTIONS,
  ...ACT_OPTIONS,
  ...SAID_OPTIONS,
  out: { type: 'string' },
  json: { type: 'string' },
  budgets: { type: 'string' },
  strategies: { type: 'string' },
  'train-methods': { type: 'string' },
  seeds: { type: 'string' },
  scores: { type: 'string' },
  model: { type: 'string' },
  'model-shape': { type: 'string' },
  'import-scores': { type: 'string' },
} as const;

export async function evaluate(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  if (values.help) {
    printHelp(EVALUATE_HELP);
    return 0;
  }
  const { out, json } = values;
  if (out === undefined && json === undefined) throw new UsageError('--out: expected a file');
  if (out !== undefined) refuseFile(out);
  if (json !== undefined) refuseFile(json, '--json');
  if (out !== undefined && json !== undefined && resolve(out) === resolve(json)) throw new UsageError('--json: the same file as --out');
  // A model is one to score with here; FLOPs are estimated for a shape.
  const flagged = pruneRule({ ...values, model: values['model-shape'] });
  const acts = actsOf(args, OPTIONS);
  const session = await readSession(values.session);
  const base = session === null ? flagged : pruneRule({ ...values, model: values['model-shape'] }, session.rule);
  const rule = { ...base, acts: acts.length === 0 ? base.acts : acts };
  const options = evaluationOptions(values);
  const imported = importedFile(values, rule);
  const scores = values.scores === undefined ? null : readScores(values.scores);
  const inputs = await readInputs(positionals, values);
  const files = [out, json].filter((file) => file !== undefined);
  refuseToOverwrite(inputs, filesOfFlags(values), files);
  const settings = {
    ...(await openOptions(values, session, inputs)),
    filter: wheresOf(rule.acts),
    onProgress: openProgress(),
    modelThreads: Math.min(4, availableParallelism()),
  };
  const dataset = await open(inputs, settings);
  const fail = (reason: string): number => {
    note(reason);
    return 1;
  };
  for (const text of refusedTexts(dataset.facts())) note(`warning: ${text}`);
  const { rollouts, issues } = dataset.facts();
  if (rollouts === 0) return fail(`no record was usable: ${counted(issues, 'issue')}; espalier inspect lists them`);
  if (scores !== null) await restoreScores(dataset, scores);
  if (values.model !== undefined) {
    const reason = await scoreNow(dataset, values.model);
    await dataset.close();
    if (reason !== null) return fail(reason);
  }
  if (imported !== null) note(...importLines(dataset.importScores(imported)));
  await dataset.prepareActs(rule, searchProgress());
  const { acts: said } = dataset.prune(rule, { cut: 1, train: 1 }).order;
  refuseFaults(rule.acts, said);
  note(...actLines(rule.acts, said));
  if (said.rollouts.written !== null) note('note: --keep and --best limit what prune writes; the cut and these figures stay what they are');
  const found = await dataset.evaluate(rule, options, progressLine());
  if (out !== undefined) await intoFile(out, [evaluationPage(found)]);
  const record = { espalier_evaluation: 1, ...found };
  if (json !== undefined) await intoFile(json, [`${JSON.stringify(record, null, 2)}\n`]);
  const gradient =
    found.measured === null ? `no gradient: ${found.why === null ? 'unknown' : whyText(found.why)}` : measuredText(found.measured);
  note(gradient, `${files.join(', ')} written`);
  return 0;
}

type EvaluateFlags = { readonly [K in 'budgets' | 'strategies' | 'train-methods' | 'seeds']?: string | undefined };

function evaluationOptions(flags: EvaluateFlags): Partial<EvaluationOptions> {
  const strategies = listOf(flags.strategies);
  const methods = listOf(flags['train-methods']);
  return {
    ...(flags.budgets === undefined ? {} : { budgets: budgetList(flags.budgets) }),
    ...(strategies === null ? {} : { strategies }),
    ...(methods === null ? {} : { methods }),
    ...(flags.seeds === undefined ? {} : { seeds: Number(flags.seeds) }),
  };
}

/** `5,10,20%`: a sign at the end is for all of them. */
function budgetList(text: string): number[] {
  const sign = text.endsWith('%') ? '%' : '';
  const parts = text.split(',').map((part) => share('--budgets', sign !== '' && !part.endsWith('%') ? `${part}${sign}` : part, null));
  return [...new Set(parts)].sort((a, b) => a - b);
}

/** Null: all. */
function listOf(text: string | undefined): string[] | null {
  if (text === undefined || text === 'all') return null;
  return text === 'none' ? [] : text.split(',');
}

/** @returns why it cannot be done, or null */
async function scoreNow(dataset: Dataset, model: string): Promise<string | null> {
  const choice = model === 'bundled' ? ({ kind: 'bundled' } as const) : ({ kind: 'folder', path: model } as const);
  const loaded = await dataset.score.load({ model: choice, executor: 'auto', dtype: null }, () => undefined);
  if (!loaded.ok) return loaded.reason;
  const estimate = await dataset.score.estimate('sampled', true);
  if (!estimate.ok) return estimate.reason;
  const end = await dataset.score.start(() => undefined);
  return end.ok ? null : end.reason;
}

function progressLine(): (done: number, total: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (done, total) => progress(`comparing ${done} of ${total}`, done + 1 === total);
}
