/** `espalier study rounds`: what each round of rollouts gained. */
import type { Estimate, RoundsAnswer } from '../../engine/answers/rounds.ts';
import { plotInterval, plotNumber } from '../../engine/plots/number-text.ts';
import { print, printJson } from '../streams.ts';
import { counted, countText, shareText } from '../text/figures.ts';
import { UsageError } from '../usage.ts';
import type { StudyCommand } from './study.ts';

export const rounds: StudyCommand = {
  id: 'rounds',
  about: 'what each round of rollouts gained, and rounds against one round of as many rollouts',
  help: `
Rollouts that were made in rounds, later ones knowing how earlier ones went: tasks that each round solves first, its mean reward and the
tokens that the policy wrote in it, with 95 % bootstrap intervals. And, where the first round has enough rollouts to tell: k rollouts of
each of the first R rounds against R × k of the first round alone (ARCHITECTURE.md, "Reflection rounds").

  --by SOURCE            what tells rounds: a field of the records (field.NAME), label (labels round:N), file (a number in its name),
                         policy (the policy's version) or folder. Default: the first of these with two rounds or more; of policies only
                         where they are numbered, and never folders`,
  options: { by: { type: 'string' } },
  async run(dataset, { by }, json) {
    const answer = await dataset.studies.rounds({ by: typeof by === 'string' ? by : null });
    if (typeof by === 'string' && answer.by === null) {
      const known = answer.sources.map(({ id }) => id).join(', ');
      throw new UsageError(`--by: no ${by} tells rounds here; ${known === '' ? 'nothing does' : `what does: ${known}`}`);
    }
    if (json) printJson(known(answer));
    else print(...lines(answer));
    return answer.by === null ? 1 : 0;
  },
};

/** Without what is unknown: JSON has no such number. */
function known(value: unknown): unknown {
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, known(each)]));
}

function lines(answer: RoundsAnswer): string[] {
  const { sources, by, whole } = answer;
  const told = sources.map(
    ({ id, label, rounds: of, rollouts, tasks }) =>
      `  ${id === by ? '*' : ' '} ${id}: ${label}, ${counted(of, 'round')} of ${counted(rollouts, 'rollout')}, ` +
      `${counted(tasks, 'task')} in two rounds or more`,
  );
  if (by === null) {
    const none = 'Nothing tells two rounds by itself: no field named so, no label round:N, no number in names, no numbered policy.';
    return told.length === 0 ? [none] : [none, 'What may stand for rounds, with --by:', ...told];
  }
  const out = ['What tells rounds (* is used)', ...told, ''];
  if (answer.without > 0) out.push(`${counted(answer.without, 'rollout')} in no round, left out`);
  if (answer.unknown > 0) out.push(`${counted(answer.unknown, 'rollout')} without a reward: counted, in no mean and not as failures`);
  out.push(`95 % intervals: ${countText(answer.resamples)} draws of tasks and of the rollouts of each`);
  if (answer.drawnRounds < answer.rounds.length) out.push(`Only the first ${answer.drawnRounds} rounds have intervals.`);
  for (const round of answer.rounds) {
    out.push('', `Round ${round.name}: ${counted(round.rollouts, 'rollout')} of ${counted(round.tasks, 'task')}`);
    out.push(`  newly solved: ${counted(round.newly, 'task')} of ${countText(answer.tasks)}, ${estimate('percent', round.gain)}`);
    out.push(
      `  solved so far: ${counted(round.soFar, 'task')}; in this round: ${countText(round.solvedTasks)} of ${countText(round.knownTasks)}`,
    );
    out.push(`  mean reward: ${estimate('decimal', round.reward)} (${counted(round.known, 'rollout')})`);
    out.push(`  tokens the policy wrote: ${countText(round.sampled)}; each rollout ${estimate('count', round.sampledEach)}`);
  }
  out.push(
    '',
    'Against one round at the same number of rollouts',
    `  all rounds together solved ${countText(whole.solved)} of ${counted(whole.tasks, 'task')}`,
  );
  if (whole.comparable === 0) out.push('  one round of as many rollouts: unknown, since the first round of no task has as many');
  else
    out.push(
      `  of ${counted(whole.comparable, 'task')} whose first round has as many: ${shareText(whole.byRounds)} by rounds, ` +
        `${shareText(whole.byOne)} by one round; unknown of the other ${countText(whole.tasks - whole.comparable)}`,
    );
  for (const { rounds: used, each, tasks, byRounds, byOne, difference } of answer.budgets)
    out.push(
      `  ${used} rounds × ${each} against 1 × ${used * each}: ${shareText(byRounds)} and ${shareText(byOne)}, ` +
        `difference ${estimate('percent', difference)} (${counted(tasks, 'task')})`,
    );
  if (answer.budgets.length === 0) out.push('  fewer from each: unknown too, since no task has enough rollouts in its first round');
  return out;
}

function estimate(format: 'percent' | 'decimal' | 'count', { value, low, high }: Estimate): string {
  const interval = plotInterval(format, low, high);
  return `${plotNumber(format, value)}${interval === '' ? '' : ` (${interval})`}`;
}
