/** Which version of the policy sampled a part, and whether that is the one that versions are compared with, in words. */
import { versionSpan } from '../../../core/rollouts/policy-versions.ts';
import { sideOf } from '../../../core/rollouts/policy-lag.ts';
import type { TranscriptVersions } from '../../../engine/answers/transcript.ts';
import { exact, plural } from '../../text/format.ts';

/**
 * For tokens [from, to) `on-policy: version 7`, `off-policy: version 5, 2 versions behind`; where several sampled them, one for each,
 * in their order. @returns none where no version of them is told as a number
 */
export function policyLabels({ runs, target }: TranscriptVersions, from: number, to: number): readonly string[] {
  const labels: string[] = [];
  let start = 0;
  for (const { to: end, version } of runs) {
    const label = start < to && end > from && to > from ? labelOf(version, target) : '';
    if (label !== '' && labels.at(-1) !== label) labels.push(label);
    start = end;
  }
  return labels;
}

function labelOf(version: string, target: number): string {
  const span = versionSpan(version);
  if (span === null) return '';
  const side = sideOf(version, target);
  const name = span.first === span.last ? `version ${span.first}` : `versions ${span.first} to ${span.last}`;
  if (side === 'on') return `on-policy: ${name}`;
  if (side === 'unknown') return `on- or off-policy: ${name}`;
  const distance = [target - span.last, target - span.first].map(Math.abs);
  const [least, most] = [Math.min(...distance), Math.max(...distance)];
  const far = least === most ? plural(least, 'version') : `${exact(least)} to ${plural(most, 'version')}`;
  return `off-policy: ${name}, ${far} ${span.first > target ? 'ahead' : 'behind'}`;
}
