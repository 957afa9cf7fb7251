/** What the mix of an export came to, in lines: for terminal and page. */
import type { MixWay } from '../../core/axes/mix-text.ts';
import type { MixedPool } from '../answers/exporting.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const exact = (count: number): string => count.toLocaleString('en');

/** A line for each pool, and one for what could not be met. */
export function mixLines(pools: readonly MixedPool[], way: MixWay): readonly string[] {
  const lines = pools.map(({ name, asked, tasks, share, factor }) => {
    const kept = `${exact(tasks.after)} of ${exact(tasks.before)} ${tasks.before === 1 ? 'task' : 'tasks'}`;
    if (way === 'cap') return `mix ${name}: ${kept}${asked === null ? '' : `, at most ${exact(asked)}`}`;
    const shares = `${percent(share)} of ${way === 'weight' ? 'weights' : 'tasks'}, asked for ${percent(asked ?? 0)}`;
    return `mix ${name}: ${kept}, ${shares}${way === 'weight' && tasks.after > 0 ? `, weights × ${Number(factor.toPrecision(4))}` : ''}`;
  });
  return [...lines, ...mixWarnings(pools, way)];
}

/** In sentences. */
export function mixWarnings(pools: readonly MixedPool[], way: MixWay): readonly string[] {
  const without = pools.filter(({ name, tasks }) => tasks.before === 0 && name !== 'rest').map(({ name }) => name);
  const found: string[] = [];
  if (without.length > 0 && way !== 'cap') found.push(`No task with records is tagged ${without.join(', ')}: the others have their share.`);
  if (pools.length > 0 && pools.every(({ tasks }) => tasks.after === 0)) found.push('The mix leaves no task.');
  return found;
}
