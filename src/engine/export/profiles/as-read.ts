/** The lines of the inputs whose rollouts stay, byte for byte. */
import type { ExportProfile } from '../profile.ts';
import { lineCounts, whyNoLines, type LinesUnit } from '../line-units.ts';

const PARTED = 'lines with several rollouts of which some go, left out with the others';

export const asRead: ExportProfile = {
  id: 'as-read',
  label: 'As read',
  family: 'Own files',
  about: 'The lines of the log whose rollouts are kept whole, byte for byte, in its own format',
  specification: 'docs/training-sets.md',
  fileName: 'as-read.jsonl',
  mediaType: 'application/jsonl',
  kind: 'jsonl',
  unit: 'lines',
  isWhole: true,
  needs: [],
  options: [],
  byDefault: false,
  count: (planned) => lineCounts(planned).kept,
  warnings(planned) {
    const { kept, gone, parted } = lineCounts(planned);
    const found: string[] = [];
    if (kept === 0) found.push('No rollout is kept whole.');
    else if (gone > 0)
      found.push(
        `${gone.toLocaleString('en')} of ${(kept + gone + parted).toLocaleString('en')} records have no rollout that is kept whole, ` +
          'and are not written.',
      );
    if (parted > 0) found.push(`${parted.toLocaleString('en')} ${PARTED}.`);
    if (planned.ruling.dataset.tokens.rollouts.some(({ rewardFrom }) => rewardFrom !== undefined))
      found.push('Rewards that files beside the log give are not in its lines.');
    return found;
  },
  whyNot: whyNoLines,
  writer(planned, _options, tally) {
    let records = 0;
    tally.add(PARTED, lineCounts(planned).parted);
    return {
      write(unit: LinesUnit) {
        records += unit.records;
        return unit.bytes;
      },
      records: () => records,
    };
  },
};
