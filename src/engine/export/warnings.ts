/** Warnings that profiles share. */
import type { PlannedExport } from './planned.ts';
import { mixWarnings } from '../words/mix.ts';
import { overLongText } from '../words/over-long.ts';
import { recordFigures } from './record-figures.ts';
import { recordSettings } from './record-settings.ts';

/** Of a cut that keeps nothing, of what the chat template leaves out or refuses, and of images. */
export function commonWarnings({ plan, ruling, template }: PlannedExport): string[] {
  const found = plan.branchEnd.length === 0 ? ['The cut keeps nothing.'] : [];
  const { images, hiddenCalls, templateFailures } = ruling.dataset.opening.counts;
  const name = template?.name ?? 'chat template';
  if (hiddenCalls > 0)
    found.push(
      `The ${name} shows no tool calls: ${hiddenCalls.toLocaleString('en')} of the log ${hiddenCalls === 1 ? 'is' : 'are'} not in its ` +
        `tokens, and a trainer that renders with it leaves them out too.`,
    );
  if (templateFailures > 0)
    found.push(
      `The ${name} refused ${templateFailures.toLocaleString('en')} ${templateFailures === 1 ? 'branch' : 'branches'}, whose tokens have ` +
        `Espalier’s plain marks: a trainer that renders with it would stop there.`,
    );
  if (images > 0)
    found.push(
      `The log has ${images.toLocaleString('en')} ${images === 1 ? 'image' : 'images'}, which the token budget does not count: ` +
        `only placeholders are counted, and messages that differ only in their images are treated as one.`,
    );
  return found;
}

/** Of branches that are no training records because they carry no loss; and those of `commonWarnings`. */
export function lossWarnings(planned: PlannedExport): string[] {
  const { branches: kept, branchesWithoutLoss: lossless, uncovered, outsideWhole, overLong, mix } = recordFigures(planned);
  const found = commonWarnings(planned);
  if (lossless > 0 && lossless === kept) found.push('No token carries loss: there are no training records.');
  else if (lossless > 0)
    found.push(
      `${lossless.toLocaleString('en')} of ${kept.toLocaleString('en')} kept ` +
        `branches carry no loss, so they are not training records and are not written.`,
    );
  if (outsideWhole !== null && outsideWhole > 0)
    found.push(
      `${outsideWhole.toLocaleString('en')} sampled tokens of the cut lie on no rollout that is kept whole: kept-mean does not train them.`,
    );
  if (uncovered.tokens > 0)
    found.push(
      `${uncovered.tokens.toLocaleString('en')} sampled tokens of the cut are not trained: those who sampled them part from it ` +
        `before their turn is complete.`,
    );
  for (const warning of mix === null ? [] : mixWarnings(mix, recordSettings(planned.spec).mixWay)) found.push(warning);
  if (overLong.records > 0) found.push(`${overLongText(overLong, recordSettings(planned.spec))}.`);
  return found;
}
