/** Versions of the policy by tokens, as the trajectories of a forest export's line tell them, put together for each rollout. */
import { packVersions, type VersionRun } from '../core/rollouts/token-versions.ts';
import type { BatchWriter } from '../core/tokens/batch-writer.ts';
import type { Report } from './format.ts';

/** Branches of a rollout that hold no tokens have no trajectory. Numbers beyond so many of them are none that an export wrote. */
const MOST_EMPTY = 64;

export interface ForestVersions {
  /** Of every trajectory. @param runs none where its rollout's policy sampled all of it */
  add(rollout: number, branch: number, runs: readonly VersionRun[]): void;
  /** To rows of the writer; what cannot be is named in a note. */
  write(writer: BatchWriter, report: Report): void;
}

export function makeForestVersions(): ForestVersions {
  const rollouts = new Map<number, Map<number, readonly VersionRun[]>>();
  return {
    add(rollout, branch, runs) {
      const known = rollouts.get(rollout);
      if (known) known.set(branch, runs);
      else rollouts.set(rollout, new Map([[branch, runs]]));
    },
    write(writer, report) {
      for (const [rollout, branches] of rollouts) {
        const told = [...branches].filter(([, runs]) => runs.length > 0);
        if (told.length === 0) continue;
        const last = told.reduce((most, [branch]) => Math.max(most, branch), 0);
        if (last < branches.size + MOST_EMPTY)
          writer.setVersions(rollout, packVersions(Array.from({ length: last + 1 }, (_, branch) => branches.get(branch) ?? [])));
        else
          report('note', {
            code: 'forest-versions',
            expected: `versions of branches below ${branches.size + MOST_EMPTY}`,
            found: `versions of branch ${last}: left out for its rollout`,
          });
      }
    },
  };
}
