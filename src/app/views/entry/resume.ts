/** Brings back the session of an earlier visit: asks for the files where the browser wants to be asked. */
import { askToRead, mayRead } from '../../../platform/browser/permissions.ts';
import { readHandles } from '../../../platform/browser/inputs.ts';
import { useChoices } from '../../state/choices.ts';
import type { Origin } from '../../state/choices.ts';
import type { KeptSession } from '../../state/kept-session.ts';
import { keptSession, useKeeping, wasReloaded } from '../../state/kept-session.ts';
import { openPicked } from './open-picked.ts';

const NOT_ALLOWED = 'The browser did not allow the files to be read again. Please open them yourself.';

/** Call it from a click. Resolves with a sentence, empty where all went well. */
export async function resume(kept: KeptSession): Promise<string> {
  // A link that brought settings of its own comes first.
  if (location.hash === '') useChoices.getState().restore(kept.hash);
  restoreSaid(kept);
  if (kept.origin.kind === 'address') {
    useChoices.getState().offerAddress(kept.origin.address);
    return '';
  }
  return (await askToRead(kept.origin.handles)) ? reopen(kept.origin) : NOT_ALLOWED;
}

/** After a reload: brings the session back where that needs no question; the empty screen offers it otherwise. */
export async function resumeQuietly(): Promise<void> {
  const kept = await keptSession();
  // Files that were not read to the end may be what ended the tab.
  if (!kept?.isRead || !wasReloaded()) return;
  restoreSaid(kept);
  if (kept.origin.kind === 'address') useChoices.getState().offerAddress(kept.origin.address);
  else if (await mayRead(kept.origin.handles)) useKeeping.setState({ problem: await reopen(kept.origin) });
}

/** Before anything is open; no step. */
function restoreSaid({ said }: KeptSession): void {
  const { opening, pruning, openSettings } = useChoices.getState();
  if (said === undefined || opening !== null) return;
  const { notes, rewards } = said;
  useChoices.setState({
    pruning: { ...pruning, present: { ...pruning.present, notes } },
    openSettings: rewards.length === 0 ? openSettings : { ...openSettings, rewards },
  });
}

/** The open files once more, as they are now where the browser can find them. Resolves with a sentence, empty where all went well. */
export async function openAgain(): Promise<string> {
  const { opening } = useChoices.getState();
  const origin = opening?.origin;
  if (origin?.kind === 'files' && origin.view !== undefined) {
    const { openServed } = await import('./open-served.ts');
    return openServed(origin.view, 'again', opening);
  }
  if (origin?.kind === 'files' && origin.handles.length > 0) return (await askToRead(origin.handles)) ? reopen(origin) : NOT_ALLOWED;
  useChoices.getState().reopen({});
  return '';
}

/** Handles stay kept where they fail: a disk may come back. */
async function reopen(origin: Origin): Promise<string> {
  if (origin.kind !== 'files') return '';
  try {
    const files = await readHandles(origin.handles);
    return await openPicked(
      files.filter(({ path }) => origin.without?.includes(path) !== true),
      origin,
      'again',
    );
  } catch (error) {
    return `The files could not be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
