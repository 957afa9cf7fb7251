/** Whether what is trained ends turns: a model that never learns to end one goes on. */
import { ENDING } from '../../core/model/kinds.ts';
import type { PlannedExport } from './planned.ts';
import type { ExportProfile } from './profile.ts';
import { recordSettings } from './record-settings.ts';

/** Of the tokens that end turns: none carries loss, or a target decides that by itself. */
export function endWarnings({ writesIds, needs, unit }: ExportProfile, { plan, ruling, spec }: PlannedExport): string[] {
  const isOn = recordSettings(spec).eos === 'on';
  if (writesIds !== true)
    return isOn || !needs.includes('messages') || unit !== 'branch'
      ? []
      : ['Messages cannot say that end-of-turn tokens carry no loss: whoever trains on them decides.'];
  const { forest } = ruling.problem;
  const trains = plan.trained.some((isTrained, n) => {
    const last = (forest.edgeStart[n + 1] ?? 0) - 1;
    return isTrained === 1 && ((forest.endings[n] ?? 0) & ENDING.turn) !== 0 && (plan.tokenFactors?.[last] ?? 1) > 0;
  });
  if (trains || !plan.trained.includes(1)) return [];
  return [
    isOn
      ? 'No end-of-turn token carries loss: the log has none, or none was chosen. A model trained on these may not learn to end its turns.'
      : 'No end-of-turn token carries loss, as was asked: a model trained on these may not learn to end its turns.',
  ];
}
