/** The verbs of a session about tags of tasks: the first guess, and what carries loss by task. */
import { saidOf } from '../../../core/axes/force.ts';
import { guessTags } from '../../../core/axes/guess.ts';
import { joinEvidence, type Evidence } from '../../../core/axes/evidence.ts';
import { taskTags } from '../../../core/notes/notes.ts';
import type { Budget } from '../../../core/model/rule.ts';
import { trainedTokens } from '../../../core/prune/train-plan.ts';
import { ungrouped } from '../../../core/rollouts/regard.ts';
import { taskOf } from '../../../core/tree/navigate.ts';
import type { TaskGuesses, TaskLoss } from '../../answers/coverage.ts';
import { saidOn } from '../../rollouts/said-on.ts';
import { axes } from '../../surveys/axes.ts';
import type { SurveyProgress } from '../../surveys/session-surveys.ts';
import { moved } from '../../transferables.ts';
import type { StudyContext } from '../study-context.ts';

const COVERAGE = 'coverage';

export interface SessionCoverage {
  /** The tags that the rules guess for each task (docs/axes.md), with what speaks for them; nothing is said by it. Ended by `stopStudy`. */
  guessTags(onProgress?: (progress: SurveyProgress) => void): Promise<TaskGuesses>;
  /** Tokens with loss and rollouts of each task at a budget. */
  taskLoss(orderId: number, budget: Budget): TaskLoss;
}

export function makeSessionCoverage({ surveys, orders, begin }: StudyContext): SessionCoverage {
  return {
    async guessTags(onProgress) {
      const { dataset, of, unread } = await surveys.ask(axes, null, begin(COVERAGE), onProgress);
      const { rollouts, tasks } = dataset.tokens;
      const { group, notes } = saidOn(dataset);
      const told = taskTags(notes);
      const rowOf = new Map(tasks.map(({ key }, row) => [key, row]));
      const found: { all: Evidence[]; rollouts: number }[] = tasks.map(() => ({ all: [], rollouts: 0 }));
      let wordless = 0;
      for (const [r, { task }] of rollouts.entries()) {
        const own = found[rowOf.get(task) ?? -1];
        if (own === undefined) continue;
        own.rollouts++;
        const evidence = of[r] ?? null;
        if (evidence === null) wordless++;
        else own.all.push(evidence);
      }
      return {
        tasks: tasks.map(({ key, label }, row) => {
          const subject = ungrouped(key, group);
          const guess = guessTags(joinEvidence(found[row]?.all ?? []));
          return { row, key, subject, label, rollouts: found[row]?.rollouts ?? 0, guess, said: saidOf(told, { key, subject }) };
        }),
        wordless: wordless - (unread?.rollouts ?? 0),
        unread,
      };
    },
    taskLoss(orderId, budget) {
      const ruling = orders.of(orderId);
      const { forest } = ruling.problem;
      const { rollouts, tasks } = ruling.dataset.tokens;
      const loss = { tokens: new Float64Array(tasks.length), rollouts: new Float64Array(tasks.length) };
      const trained = trainedTokens(forest, orders.keepOf(orderId, budget).train);
      for (const [n, tokens] of trained.entries()) {
        if (tokens === 0) continue;
        const task = taskOf(forest, n);
        loss.tokens[task] = (loss.tokens[task] ?? 0) + tokens;
      }
      const rowOf = new Map(tasks.map(({ key }, row) => [key, row]));
      const dropped = ruling.acted.resolved?.dropped;
      for (const [r, { task }] of rollouts.entries()) {
        const row = rowOf.get(task);
        if (row !== undefined && dropped?.[r] !== 1) loss.rollouts[row] = (loss.rollouts[row] ?? 0) + 1;
      }
      return moved(loss);
    },
  };
}
