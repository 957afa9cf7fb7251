/** What an export is made from: a rule at a budget, the branches that it keeps, and the files that were asked for. */
import { branchesWithLoss, planBranches } from '../../core/export/branches.ts';
import { keepMask } from '../../core/prune/cut.ts';
import { tokenFactors, trainedTokens } from '../../core/prune/train-plan.ts';
import { writtenForest } from '../../core/acts/acted-forest.ts';
import { withKeptWhole } from '../../core/tree/outcome.ts';
import { NO_NOTES } from '../../core/notes/notes.ts';
import { taskOf } from '../../core/tree/navigate.ts';
import { isPerTrajectory, nodeAdvantages } from '../../core/signal/advantage.ts';
import { taskDivisors } from '../../core/signal/coefficient.ts';
import type { Ruling } from '../ruled.ts';
import { errorChoice } from '../errors/choice.ts';
import { branchEndsOf } from '../errors/event-ends.ts';
import { errorMasks } from '../errors/masks.ts';
import { needsErrors, preparedErrors } from '../errors/prepared.ts';
import { makeRedactor, readRedact, type Redactor } from './preflight/redact.ts';
import { recordChoice } from './choice.ts';
import { factorsOf, mixFigures, tagsOfTasks, type Mixing, type SaidOfTasks } from './mixing.ts';
import { recordWeightSums } from './record-figures.ts';
import { recordSettings } from './record-settings.ts';
import { taskSplits } from './records.ts';
import type { PlannedExport } from './planned.ts';
import type { ExportJob } from './planned.ts';

/** What any export of a session reads and writes with. */
export type ExportGrounds = Pick<ExportJob, 'readBack' | 'opened' | 'tokenizer' | 'template' | 'said'>;

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
