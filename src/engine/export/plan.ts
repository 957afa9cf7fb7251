/** What an export is made from: a rule at a budget, the branches that it keeps, and the files that were asked for. */
import { branchesWithLoss, planBranches, type BranchPlan } from '../../core/export/branches.ts';
import { keepMask } from '../../core/prune/cut.ts';
import { tokenFactors, trainedTokens } from '../../core/prune/train-plan.ts';
import type { Forest } from '../../core/model/forest.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import type { TemplateTraits } from '../../core/tokens/template.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { writtenForest } from '../../core/acts/acted-forest.ts';
import { withKeptWhole } from '../../core/tree/outcome.ts';
import type { AxisId } from '../../core/axes/axes.ts';
import { NO_NOTES } from '../../core/notes/notes.ts';
import { taskOf } from '../../core/tree/navigate.ts';
import { isPerTrajectory, nodeAdvantages } from '../../core/signal/advantage.ts';
import { taskDivisors } from '../../core/signal/coefficient.ts';
import type { ExportSpec, MixedPool, Split } from '../answers/exporting.ts';
import type { OpenSettings } from '../answers/opening.ts';
import type { ReadBack } from '../read-back.ts';
import type { Keep, Ruling } from '../ruling.ts';
import { errorChoice } from '../errors/choice.ts';
import { branchEndsOf } from '../errors/event-ends.ts';
import { errorMasks, type ErrorMasks } from '../errors/masks.ts';
import { needsErrors, preparedErrors } from '../errors/prepared.ts';
import { makeRedactor, readRedact, type Redactor } from './preflight/redact.ts';
import { recordChoice, type RecordChoice } from './choice.ts';
import { factorsOf, mixFigures, tagsOfTasks, type Mixing, type SaidOfTasks } from './mixing.ts';
import { recordWeightSums } from './record-figures.ts';
import { recordSettings } from './record-settings.ts';
import { taskSplits } from './records.ts';

export interface ExportJob {
  readonly ruling: Ruling;
  readonly keep: Keep;
  readonly spec: ExportSpec;
  readonly readBack: ReadBack;
  /** As set when the inputs were opened; for the manifest. */
  readonly opened: Pick<OpenSettings, 'memoryTools' | 'maxNodeTokens' | 'group' | 'rewards' | 'statusRewards' | 'policyVersion'>;
  /** The session's. */
  readonly tokenizer: Tokenizer;
  /** The chat template of that tokenizer; null where the plain marks stand for one. */
  readonly template: TemplateTraits | null;
  /** What a person says of tasks; absent: nothing. */
  readonly said?: SaidOfTasks;
  /** The SHA-256 of an input, where it is known already or comes later. */
  readonly hashOf?: (source: ByteSource) => Promise<string>;
}

/** What any export of a session reads and writes with. */
export type ExportGrounds = Pick<ExportJob, 'readBack' | 'opened' | 'tokenizer' | 'template' | 'said'>;

export interface PlannedExport extends ExportJob {
  /** Null: texts are written as the log has them. */
  readonly redactor: Redactor | null;
  readonly kept: Uint8Array;
  /** The rule's forest; its only learners are those that acts let an export write, and with kept-mean of them those kept whole. */
  readonly learning: Forest;
  readonly plan: BranchPlan;
  /** Turns that carry no loss because they went wrong; null: none is looked for. */
  readonly masks: ErrorMasks | null;
  /** Records left out because an earlier one is the same, to balance the others, and for the mix of tags. */
  readonly leftOut: RecordChoice['counts'];
  /** Those of the plan's records that carry loss: a kept branch without loss is no training record. */
  readonly records: Int32Array;
  /** task -> the files in which its records stand */
  readonly splits: readonly Split[];
  /** task -> what weights divide by: K, over what a mix multiplies them by */
  readonly divisors: Float64Array;
  /** Null: no mix of tags is asked for. */
  readonly mix: PlannedMix | null;
}

export interface PlannedMix {
  readonly pools: readonly MixedPool[];
  /** Tasks by their own keys, with what is said of them: for a hash, no file holds it. */
  readonly tags: readonly (readonly [task: string, tags: Readonly<Record<AxisId, string>>])[];
}

export function planExport(job: ExportJob): PlannedExport {
  const { ruling, keep } = job;
  const settings = recordSettings(job.spec);
  const { forest } = ruling.problem;
  const kept = keepMask(forest, ruling.order, keep.cut);
  const trained = Uint8Array.from(trainedTokens(forest, keep.train), (tokens) => (tokens > 0 ? 1 : 0));
  const redacting = readRedact(settings.redact);
  const redactor = redacting === null || redacting.kinds.size === 0 ? null : makeRedactor(redacting);
  const written = writtenForest(forest, ruling.acted.resolved?.written ?? null);
  const learning = job.spec.weights === 'kept-mean' ? withKeptWhole(written, kept) : written;
  const choice = recordChoice(ruling.dataset, learning, job.said ?? NOTHING_SAID, settings);
  const eventEnds = branchEndsOf(ruling.dataset.tokens);
  const found = needsErrors(job.spec) ? preparedErrors(ruling.dataset) : null;
  const masks = job.spec.maskErrors ? errorMasks(errorChoice(settings), found, forest.trajectories, eventEnds) : null;
  const isMarked = masks !== null && found === null;
  const plan = planBranches(learning, kept, trained, isMarked || (masks?.turns ?? false), tokenFactors(forest, keep.train), {
    length: { tokens: settings.maxTokens, way: settings.overLong },
    eventEnds,
    trainsEnds: settings.eos === 'on',
    choose: choice.choose,
  });
  const planned: PlannedExport = {
    ...job,
    ruling: redactor === null ? ruling : withTaskNames(ruling, redactor),
    redactor,
    kept,
    plan,
    masks,
    leftOut: choice.counts,
    records: branchesWithLoss(plan, job.spec.weights),
    splits: taskSplits(
      ruling.dataset.tokens.tasks.map(({ key }) => key),
      settings,
    ),
    divisors: taskDivisors(learning, ruling.rule.divisor),
    learning,
    mix: null,
  };
  const mixing = choice.mixing();
  return mixing === null ? planned : withMix(job, planned, mixing);
}

const NOTHING_SAID: SaidOfTasks = { notes: NO_NOTES, group: 'task' };

/** Weights that a mix multiplies are divided by so much less. */
function withMix({ ruling: asked, said = NOTHING_SAID }: ExportJob, planned: PlannedExport, mixing: Mixing): PlannedExport {
  const { plan, records, ruling } = planned;
  const massOf = (own: PlannedExport): Float64Array => Float64Array.from(recordWeightSums(own), ({ sum }) => sum);
  const factors = factorsOf(mixing, massOf(planned));
  const divisors = planned.divisors.map((divisor, task) => ((factors[task] ?? 0) > 0 ? divisor / (factors[task] ?? 1) : divisor));
  const written = new Float64Array(divisors.length);
  for (const record of records) {
    const task = taskOf(ruling.problem.forest, plan.end[record] ?? 0);
    written[task] = (written[task] ?? 0) + 1;
  }
  const weighed = { ...planned, divisors };
  const keys = asked.dataset.tokens.tasks.map(({ key }) => key);
  const tags = tagsOfTasks(keys, said).map((own, task) => [keys[task] ?? '', own] as const);
  return { ...weighed, mix: { pools: mixFigures(mixing, written, massOf(weighed), factors), tags } };
}

/** A task may be named by its prompt. */
function withTaskNames(ruling: Ruling, redactor: Redactor): Ruling {
  const { dataset } = ruling;
  const tasks = dataset.tokens.tasks.map((task) => ({ ...task, key: redactor.text(task.key), label: redactor.text(task.label) }));
  return { ...ruling, dataset: { ...dataset, tokens: { ...dataset.tokens, tasks } } };
}

/**
 * node -> advantage of those that carry loss there: times the node's weight, summed over the records, it is what flat training
 * gives, in which a trajectory of unknown advantage trains nothing. NaN all over where the log has no advantages.
 */
export function recordAdvantages({ plan, learning, ruling: { rule, scores, problem, dataset } }: PlannedExport): Float64Array {
  const { trajectoryAdvantage: own, meanAdvantage: ofAll } = scores;
  const ofNodes = learning === problem.forest ? ofAll : nodeAdvantages(learning, rule.advantage, own, dataset.actions);
  const ofLearners = isPerTrajectory(rule.advantage) ? plan.loss.mean(own, ofNodes, 'zero') : ofNodes;
  return scores.hasAdvantage ? ofLearners.map((value) => (Number.isNaN(value) ? 0 : value)) : ofLearners;
}
