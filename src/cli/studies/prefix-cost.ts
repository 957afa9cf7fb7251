/** `espalier study prefix-cost`: what a trainer computes of an export and of the whole log, without and with shared prefixes. */
import { keyValueBytes, wayFlops, type TrainedModel } from '../../core/prefix/flops.ts';
import { KNOWN_MODELS, parseTrainedModel } from '../../core/prefix/known-models.ts';
import { WAYS } from '../../core/prefix/ways.ts';
import { DEFAULT_RULE, type PruneRule } from '../../core/model/rule.ts';
import { PRESETS, presetRule } from '../../core/rule/presets.ts';
import {
  RECORD_SETS,
  type PackingPicture,
  type PrefixCostAnswer,
  type PrefixPackingAnswer,
  type RecordSet,
  type RecordSetCost,
} from '../../engine/answers/prefix-cost.ts';
import { countsAt, prefixCostCsv } from '../../engine/studies/prefix-cost/csv.ts';
import { overContextText, tooLongText, WAY_NAMES } from '../../engine/words/prefix-cost.ts';
import { exportSpec } from '../export-flag.ts';
import { PRESET_HELP, pruneBudget, prunePreset } from '../prune-flags.ts';
import { RECORD_HELP, RECORD_OPTIONS } from '../record-flags.ts';
import { pruneRule, RULE_HELP, RULE_OPTIONS } from '../rule-flags.ts';
import { note, print, printJson } from '../streams.ts';
import { bytesText, counted, countText, shareText } from '../text/figures.ts';
import { UsageError } from '../usage.ts';
import type { StudyCommand, StudyFlags } from './study.ts';

const [FIRST] = KNOWN_MODELS;
const BLOCK = 32_768;
const KERNEL = 128;

/** A model is named above, and so is its context: what a rule calls so has another name here. */
const OWN_RULE_HELP = RULE_HELP.split('\n')
  .filter((line) => !line.startsWith('  --model '))
  .join('\n')
  .replace('  --context N            ', '  --context-segments N\n                         ');

interface Asked {
  readonly model: TrainedModel;
  readonly context: number;
  readonly kernel: number;
  readonly room: number;
  readonly across: boolean;
  readonly recomputes: boolean;
}

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
    pruneBudget(own, prunePreset(ruleFlags(own), PRESETS[0].id));
  },
  async run(dataset, flags, json) {
    const own = single(flags);
    const asked = askedOf(own);
    const facts = dataset.facts();
    if (facts.rollouts === 0) {
      note(`no record was usable: ${counted(facts.issues, 'issue')}; espalier inspect lists them`);
      return 1;
    }
    const preset = prunePreset(ruleFlags(own), facts.suited.preset);
    const rule = ruleOf(own, preset === null ? DEFAULT_RULE : presetRule(preset));
    const budget = pruneBudget(own, preset);
    const given = exportSpec(own);
    const spec = own['weights'] === undefined && preset !== null ? { ...given, weights: preset.weights } : given;
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

type Packed = Readonly<Record<RecordSet, PrefixPackingAnswer>>;

function report(cost: PrefixCostAnswer, packed: Packed, asked: Asked): object {
  return Object.fromEntries(RECORD_SETS.map((set) => [set, setReport(cost.sets[set], cost.taskKeys, packed[set], asked)]));
}

function setReport(cost: RecordSetCost, keys: readonly string[], packed: PrefixPackingAnswer, { model, recomputes }: Asked): object {
  const { records, totals, largest, overContext } = cost;
  const figures = ({ tokens, repeated, blocks, fewest, padding, err }: PackingPicture): object => ({
    tokens,
    repeated,
    blocks,
    fewest,
    padding,
    err,
  });
  return {
    records,
    ways: WAYS.map((way) => ({
      way,
      ...totals[way],
      flops: wayFlops(totals[way], model, recomputes),
      keyValueBytes: keyValueBytes(largest[way], model),
    })),
    overContext,
    tasks: Array.from(cost.task, (task, row) => ({
      task: keys[task],
      records: cost.taskRecords[row],
      longest: cost.taskLongest[row],
      overContext: cost.taskOverContext[row],
      ways: WAYS.map((way) => {
        const counts = countsAt(cost, way, row);
        return { way, ...counts, flops: wayFlops(counts, model, recomputes).total };
      }),
    })),
    packing: {
      records: packed.records,
      flatTokens: packed.flatTokens,
      treeTokens: packed.treeTokens,
      por: packed.por,
      tooLong: packed.tooLong,
      flat: figures(packed.flat),
      tree: figures(packed.tree),
    },
  };
}

const SET_NAMES: Readonly<Record<RecordSet, string>> = { export: 'Export', log: 'Whole log' };

function linesOf(set: RecordSet, { sets }: PrefixCostAnswer, packed: PrefixPackingAnswer, asked: Asked): string[] {
  const { records, task, totals, largest, overContext } = sets[set];
  const flat = wayFlops(totals.flat, asked.model, asked.recomputes).total;
  const share = (part: number, whole: number): string => (whole === 0 ? '–' : shareText(part / whole));
  const rows = WAYS.map((way) => {
    const counts = totals[way];
    const { total } = wayFlops(counts, asked.model, asked.recomputes);
    return [
      WAY_NAMES[way],
      countText(counts.tokens),
      share(counts.tokens, totals.flat.tokens),
      countText(counts.keys),
      total.toExponential(3),
      share(total, flat),
      countText(counts.tokens - counts.backTokens),
      bytesText(keyValueBytes(largest[way], asked.model)),
    ];
  });
  const heads = ['', 'tokens', 'of flat', 'attention keys', 'FLOPs', 'of flat', 'no loss needs', 'keys and values at once'];
  if (records === 0) return [`${SET_NAMES[set]}: no record${set === 'export' ? ' carries loss at this budget' : ' is left'}`];
  const lines = [
    `${SET_NAMES[set]}: ${counted(records, 'record')} of ${counted(task.length, 'task')}`,
    ...table([heads, ...rows]),
    ...overContextText(overContext, asked.context).map((text) => `  ${text}`),
    `  blocks of ${countText(asked.room)} tokens${asked.across ? '' : ', of one task each'}: POR ${shareText(packed.por)}`,
    ...tooLongText(packed).map((text) => `    ${text}`),
  ];
  for (const [name, { blocks, fewest, tokens: held, repeated, err, padding }] of [
    ['flat', packed.flat],
    ['tree', packed.tree],
  ] as const)
    lines.push(
      `    ${name}: ${counted(blocks, 'block')} (at best ${countText(fewest)}), ${counted(held, 'token')}, ` +
        `${countText(repeated)} of them repeated, ERR ${shareText(err)}, padding ${countText(padding)}`,
    );
  return lines;
}

/** Columns as wide as they need, all but the first to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => (row[c] ?? '').length)));
  return rows.map((row) => `  ${row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0))).join('  ')}`);
}
