/** `espalier study prefix-cost`: what a trainer computes of an export and of the whole log, without and with shared prefixes. */
import { DEFAULT_RULE, type Budget, type PruneRule } from '../../core/model/rule.ts';
import { KNOWN_MODELS, parseTrainedModel } from '../../core/prefix/known-models.ts';
import { PRESETS, presetRule } from '../../core/rule/presets.ts';
import type { ExportSpec } from '../../engine/answers/exporting.ts';
import { RECORD_SETS } from '../../engine/answers/prefix-cost.ts';
import { prefixCostCsv } from '../../engine/studies/prefix-cost/csv.ts';
import type { Dataset } from '../api.ts';
import { exportSpec } from '../export-flag.ts';
import { importedFile, importLines } from '../import-flag.ts';
import { PRESET_HELP, pruneBudget, prunePreset } from '../prune-flags.ts';
import { RECORD_HELP, RECORD_OPTIONS } from '../record-flags.ts';
import { pruneRule, RULE_HELP, RULE_OPTIONS } from '../rule-flags.ts';
import { readScores, restoreScores } from '../scores-flag.ts';
import { readSession } from '../session-flag.ts';
import { note, print, printJson } from '../streams.ts';
import { counted } from '../text/figures.ts';
import { UsageError } from '../usage.ts';
import { linesOf, report, type Asked } from './prefix-cost-text.ts';
import type { StudyCommand, StudyFlags } from './study.ts';

const [FIRST] = KNOWN_MODELS;
const BLOCK = 32_768;
const KERNEL = 128;

/** A model is named above, and so is its context: what a rule calls so has another name here. */
const OWN_RULE_HELP = RULE_HELP.split('\n')
  .filter((line) => !line.startsWith('  --model '))
  .join('\n')
  .replace('  --context N            ', '  --context-segments N\n                         ');

export const prefixCost: StudyCommand = {
  id: 'prefix-cost',
  about: 'tokens and FLOPs of training without and with shared prefixes, and how records fill blocks',
  help: `
Counts the tokens, attention keys and FLOPs that a trainer spends on the records of an export, and on every rollout of the log: each
record written out, the prompt of a group once (PrefixGrouper), and every distinct token once (tree attention). Records are packed into
blocks, flat and as trees: POR is what sharing could save at most, ERR what it saves in blocks. FLOPs are an estimate from a formula
(ARCHITECTURE.md, Prefix costs); no model is run.

  --model MODEL          what is trained (default ${FIRST.id}): ${KNOWN_MODELS.map(({ id }) => id).join(', ')},
                         or PARAMETERS,LAYERS,WIDTH[,KEYWIDTH]; widths are heads × head dimension; --unit flops takes it too
  --context N            tokens that the model takes (default the model's, else ${BLOCK}); longer records are counted
  --block N              tokens of a block that records are packed into (default ${BLOCK})
  --by-task              a block holds records of one task
  --kernel N             tokens of a block of the attention kernel (default ${KERNEL})
  --recompute            activations are computed again for the backward
  --csv                  print CSV: a row for each task of each set
${PRESET_HELP}
  --budget SHARE         how much of the cost the cut of the export may keep, for example 30%; needed where there is no preset
  --train-budget SHARE   how much of the kept sampled tokens may carry loss (default 100%)
${OWN_RULE_HELP}
  --scores FILE          entropy from a language model, as saved by espalier score; never replaces logged entropy
  --import-scores FILE[:COLUMN]
                         scores per token from a JSONL file, by node key or by rollout, for --signal imported
  --weights CONVENTION   branch-mean (default without a preset), kept-mean or train-once
  --mask-errors          failed turns (whose tool result is an error) stay as context with loss 0
${RECORD_HELP}
`,
  options: {
    ...RULE_OPTIONS,
    ...RECORD_OPTIONS,
    preset: { type: 'string' },
    budget: { type: 'string' },
    'train-budget': { type: 'string' },
    weights: { type: 'string' },
    'mask-errors': { type: 'boolean' },
    scores: { type: 'string' },
    'import-scores': { type: 'string' },
    context: { type: 'string' },
    'context-segments': { type: 'string' },
    block: { type: 'string' },
    kernel: { type: 'string' },
    'by-task': { type: 'boolean' },
    recompute: { type: 'boolean' },
    csv: { type: 'boolean' },
  },
  check(flags) {
    const own = single(flags);
    if (flags['json'] === true && flags['csv'] === true)
      throw new UsageError('--json and --csv both go to standard output; give one of them');
    askedOf(own);
    ruleOf(own, DEFAULT_RULE);
    exportSpec(own);
    if (own['session'] === undefined) pruneBudget(own, prunePreset(ruleFlags(own), PRESETS[0].id));
    if (typeof own['scores'] === 'string') readScores(own['scores']);
    if (own['session'] === undefined) importedFile(own, ruleOf(own, DEFAULT_RULE));
  },
  async run(dataset, flags, json) {
    const own = single(flags);
    const asked = askedOf(own);
    const facts = dataset.facts();
    if (facts.rollouts === 0) {
      note(`no record was usable: ${counted(facts.issues, 'issue')}; espalier inspect lists them`);
      return 1;
    }
    if (typeof own['scores'] === 'string') await restoreScores(dataset, readScores(own['scores']));
    const { rule, budget, spec } = await settingsOf(dataset, own);
    const imported = importedFile(own, rule);
    if (imported !== null) note(...importLines(dataset.importScores(imported)));
    await dataset.prepareActs(rule);
    const { orderId } = dataset.prune(rule, budget).order;
    const { studies } = dataset;
    const cost = await studies.prefixCost(orderId, budget, spec, { context: asked.context, kernel: asked.kernel });
    if (own['csv'] === true) {
      print(...prefixCostCsv(cost, asked.model, asked.recomputes).trimEnd().split('\r\n'));
      return 0;
    }
    const packed = {
      export: await studies.prefixPacking(orderId, budget, spec, 'export', asked),
      log: await studies.prefixPacking(orderId, budget, spec, 'log', asked),
    };
    if (json) printJson({ ...asked, budget, weights: spec.weights, sets: report(cost, packed, asked) });
    else print(...RECORD_SETS.flatMap((set) => linesOf(set, cost, packed[set], asked)));
    return 0;
  },
};

type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** No flag of ours is given twice with effect. */
function single(flags: StudyFlags): Flags {
  return Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]));
}

/** Rule, budget and records in force: of flags, of a session, or of the preset that the log calls for. */
async function settingsOf(
  dataset: Dataset,
  flags: Flags,
): Promise<{ readonly rule: PruneRule; readonly budget: Budget; readonly spec: ExportSpec }> {
  const session = await readSession(typeof flags['session'] === 'string' ? flags['session'] : undefined);
  const preset = session === null ? prunePreset(ruleFlags(flags), dataset.facts().suited.preset) : null;
  const rule = ruleOf(flags, session?.rule ?? (preset === null ? DEFAULT_RULE : presetRule(preset)));
  const isSaid = flags['budget'] !== undefined || flags['train-budget'] !== undefined;
  const budget = session !== null && session.budget !== null && !isSaid ? session.budget : pruneBudget(flags, preset);
  const given = exportSpec(flags);
  const weights = flags['weights'] === undefined && preset !== null ? preset.weights : given.weights;
  return { rule, budget, spec: { ...given, weights } };
}

/** What goes to rules, as they spell it. */
function ruleFlags(flags: Flags): Flags {
  const { parameters, layers, width } = askedOf(flags).model;
  const isNamed = typeof flags['model'] === 'string';
  return { ...flags, context: flags['context-segments'], model: isNamed ? `${parameters},${layers},${width}` : undefined };
}

/** Throws UsageError that names the flag as this command does. */
function ruleOf(flags: Flags, base: PruneRule): PruneRule {
  try {
    return pruneRule(ruleFlags(flags), base);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(error.message.replace(/^--context:/, '--context-segments:'));
    throw error;
  }
}

function askedOf(flags: Flags): Asked {
  const text = flags['model'];
  const found = parseTrainedModel(typeof text === 'string' ? text : FIRST.id);
  if (!found.ok) throw new UsageError(`--model: ${found.fault}`);
  const { parameters, layers, width, keyWidth } = found.value;
  const known = KNOWN_MODELS.find((model) => model === found.value);
  return {
    model: { parameters, layers, width, keyWidth },
    context: tokens(flags, 'context', known?.context ?? BLOCK),
    kernel: tokens(flags, 'kernel', KERNEL),
    room: tokens(flags, 'block', BLOCK),
    across: flags['by-task'] !== true,
    recomputes: flags['recompute'] === true,
  };
}

function tokens(flags: Flags, name: string, otherwise: number): number {
  const text = flags[name];
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : text === undefined ? otherwise : Number.NaN;
  if (!(Number.isInteger(value) && value >= 1 && value <= 1e9))
    throw new UsageError(`--${name}: expected a whole number of tokens, 1 to 1e9, found ${String(text)}`);
  return value;
}
