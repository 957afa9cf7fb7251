/** How far the policy moved on while a rollout was sampled. */
import { numberColumn } from '../../../core/rollouts/columns.ts';
import type { RolloutColumnMember } from '../member.ts';

const ABOUT = {
  id: 'staleness',
  label: 'staleness',
  help: 'Policy versions from the first to the last that sampled it, where the log tells spans of versions as numbers.',
  unit: 'versions',
};

/** `7`, `step 7`, `7–9`: the first and the last version. Names of models with numbers in them are none. */
const VERSIONS = /^(?:(?:step|version|v)[ _-]?)?(\d{1,15})(?:\s*[-–]\s*(\d{1,15}))?$/i;

export const staleness: RolloutColumnMember = {
  id: ABOUT.id,
  columns({ rollouts }) {
    const spans = rollouts.map(({ policy }) => VERSIONS.exec(policy));
    // Where no rollout has two versions, the log does not tell when the policy changed.
    if (!spans.some((span) => span?.[2] !== undefined)) return [];
    return [numberColumn(ABOUT, rollouts.length, (r) => lagOf(spans[r] ?? null))];
  },
};

function lagOf(span: RegExpExecArray | null): number | null {
  if (span === null) return null;
  const first = Number(span[1]);
  return Math.max(0, Number(span[2] ?? first) - first);
}
