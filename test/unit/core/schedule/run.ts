/** A run without a stop. */
import { simulation, type Run } from '../../../../src/core/schedule/simulate.ts';

export function simulate(...asked: Parameters<typeof simulation>): Run {
  const steps = simulation(...asked);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
