/** What a person hands over while something is open: looked at first, then added, put in its place, or asked about. */
import { sameContent } from '../../platform/browser/same-content.ts';
import { visible } from '../../base/visible.ts';
import type { OpenSettings, StrangeFile } from '../../engine/answers/opening.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { useChoices } from '../state/choices.ts';
import { useIncoming } from '../state/incoming.ts';
import type { Incoming } from '../state/incoming.ts';
import { useScoringChoices } from '../state/scoring.ts';
import { useSessions } from '../state/sessions.ts';
import type { Origin } from '../state/opened.ts';
import { exact } from '../text/format.ts';
import { ask } from './client.ts';
import { addFiles } from './growing.ts';
import { handOver } from './sessions.ts';

/** Names that are told one by one. */
const TOLD = 3;

/**
 * @param isPasted text that somebody pasted: it may be a slip, so a habit does not decide over it
 * @returns a sentence for the person; empty where there is nothing to say
 */
export async function bring(
  files: readonly InputBlob[],
  origin: Origin,
  settings: Partial<OpenSettings>,
  { isPasted = false, scores }: { readonly isPasted?: boolean; readonly scores?: Blob | undefined } = {},
): Promise<string> {
  if (useSessions.getState().waiting !== null) return handOver(files, origin);
  const { opening, openSettings, open } = useChoices.getState();
  if (opening === null) {
    open(files, origin, settings);
    return '';
  }
  const look = await ask((session) => session.firstLook(files, { mapping: settings.mapping ?? openSettings.mapping }));
  // Where they may be mapped the person decides: alone they can be, and undo brings back what was open.
  if (!look.mayHoldRollouts && !look.strange.some(({ canBeMapped }) => canBeMapped)) return strangeText(look.strange);
  const incoming: Incoming = { files, origin, settings, known: await knownAmong(files, opening.files), ...(scores ? { scores } : {}) };
  const { habit, wait } = useIncoming.getState();
  if (habit === 'replace' && !isPasted) {
    replaceBy(incoming);
    return '';
  }
  if (habit === 'add' && !isPasted) return addTo(incoming);
  wait(incoming);
  return '';
}

export function replaceBy({ files, origin, settings, scores }: Incoming): void {
  if (scores) useScoringChoices.getState().set({ waitingScores: scores });
  useChoices.getState().open(files, origin, settings);
}

/** Settings of a tokenizer or mapping that came along are left: what is open is read with its own. */
export function addTo({ files, origin, known, scores }: Incoming): Promise<string> {
  const left = files.filter((file) => !known.some(({ path }) => path === file.path));
  const told = known.length > 0 ? knownText(known) : '';
  if (left.length === 0) return Promise.resolve(told);
  return addFiles(left, origin).then((sentence) => {
    if (scores) useScoringChoices.getState().set({ waitingScores: scores });
    return [sentence, told].filter(Boolean).join(' ');
  });
}

async function knownAmong(files: readonly InputBlob[], open: readonly InputBlob[]): Promise<Incoming['known']> {
  const known: { path: string; as: string }[] = [];
  for (const { path, blob } of files)
    for (const other of open) {
      if (other.blob.size !== blob.size || !(await sameContent(blob, other.blob))) continue;
      known.push({ path, as: other.path });
      break;
    }
  return known;
}

export function knownText(known: Incoming['known']): string {
  const [first] = known;
  if (first === undefined) return '';
  if (known.length > 1) return `${exact(known.length)} of these files are open already: they are not added again.`;
  const { path, as } = first;
  return path === as ? `${visible(path)} is open already.` : `${visible(path)} is the same file as ${visible(as)}, which is open.`;
}

function strangeText(strange: readonly StrangeFile[]): string {
  const told = strange.slice(0, TOLD).map(({ path, why }) => `${visible(path)} ${why}`);
  const more = strange.length > TOLD ? `; and ${exact(strange.length - TOLD)} more` : '';
  return `${told.join('; ')}${more}. What is open stays as it is.`;
}
