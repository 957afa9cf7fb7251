/** Warnings of profiles whose records are messages. */
import type { PlannedExport } from './planned.ts';
import { lossWarnings } from './warnings.ts';

/** Of turns that are cut off and of logged ids; and those of `lossWarnings`. */
export function messageWarnings(planned: PlannedExport): string[] {
  const found = lossWarnings(planned);
  const { truncatedTurns: cut, loggedTokens } = planned.ruling.dataset.opening.counts;
  if (cut > 0)
    found.push(
      `${cut.toLocaleString('en')} ${cut === 1 ? 'turn is' : 'turns are'} cut off in the log, and not trained here: ` +
        `messages cannot say that a turn has no end. For their tokens, use the profile tokens.`,
    );
  if (loggedTokens > 0) found.push('Messages are text: a trainer that tokenises them again may not get the logged ids.');
  return found;
}

/** For marks that are 0 or 1: of weights and single tokens that they cannot say; and those of `messageWarnings`. */
export function wholeMarkWarnings(planned: PlannedExport): string[] {
  const found = messageWarnings(planned);
  const { weights } = planned.spec;
  if (weights !== 'train-once')
    found.push(
      `Marks know no weights: each answer trains once, in the first record that shows it, and not by ${weights}. ` +
        `For weights, use the profile tokens.`,
    );
  if (planned.plan.factors !== null)
    found.push('Single tokens carry loss, and marks hold for whole answers: an answer trains where any token of it does.');
  return found;
}

/** For trainers that train all answers of a record. */
export function wholeWarnings(planned: PlannedExport, trainer: string): string[] {
  return [
    ...wholeMarkWarnings(planned),
    `${trainer} trains all answers of a record, those without loss among them; the manifest counts these.`,
  ];
}
