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
import { isPerTrajectory, nodeAdvantages } from '../../core/signal/advantage.ts';
import { taskDivisors } from '../../core/signal/coefficient.ts';
import type { ExportSpec, Split } from '../answers/exporting.ts';
import type { OpenSettings } from '../answers/opening.ts';
import type { ReadBack } from '../read-back.ts';
import type { Keep, Ruling } from '../ruling.ts';
import { errorChoice } from '../errors/choice.ts';
import { branchEndsOf } from '../errors/event-ends.ts';
import { errorMasks, type ErrorMasks } from '../errors/masks.ts';
import { needsErrors, preparedErrors } from '../errors/prepared.ts';
import { makeRedactor, readRedact, type Redactor } from './preflight/redact.ts';
import { recordChoice, type RecordChoice } from './choice.ts';
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
  /** The SHA-256 of an input, where it is known already or comes later. */
  readonly hashOf?: (source: ByteSource) => Promise<string>;
}

export interface PlannedExport extends ExportJob {
  /** Null: texts are written as the log has them. */
  readonly redactor: Redactor | null;
  readonly kept: Uint8Array;
  /** The rule's forest; its only learners are those that acts let an export write, and with kept-mean of them those kept whole. */
  readonly learning: Forest;
  readonly plan: BranchPlan;
  /** Turns that carry no loss because they went wrong; null: none is looked for. */
  readonly masks: ErrorMasks | null;
  /** Records left out because an earlier one is the same, and to balance the others. */
  readonly leftOut: RecordChoice['counts'];
  /** Those of the plan's records that carry loss: a kept branch without loss is no training record. */
  readonly records: Int32Array;
  /** task -> the files in which its records stand */
  readonly splits: readonly Split[];
  /** task -> what weights divide by, K */
  readonly divisors: Float64Array;
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
  const choice = recordChoice(ruling.dataset, learning, settings);
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
  return {
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
  };
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
