/** Brings back the session of an earlier visit: asks for the files where the browser wants to be asked. */
import { askToRead, mayRead } from '../../../platform/browser/permissions.ts';
import { readHandles } from '../../../platform/browser/inputs.ts';
import { useChoices } from '../../state/choices.ts';
import type { KeptSession } from '../../state/kept-session.ts';
import { forgetSession, keptSession } from '../../state/kept-session.ts';
import { openPicked } from './open-picked.ts';

/** Call it from a click. Resolves with a sentence, empty where all went well. */
export async function resume(kept: KeptSession): Promise<string> {
  // A link that brought settings of its own comes first.
  if (location.hash === '') useChoices.getState().restore(kept.hash);
  if (kept.origin.kind === 'address') {
    useChoices.getState().offerAddress(kept.origin.address);
    return '';
  }
  if (!(await askToRead(kept.origin.handles))) return 'The browser did not allow the files to be read again. Please open them yourself.';
  return reopen(kept);
}

/** After a reload: brings the session back where that needs no question; the empty screen offers it otherwise. */
export async function resumeQuietly(): Promise<void> {
  const kept = await keptSession();
  if (!kept || !wasReloaded()) return;
  if (kept.origin.kind === 'address') useChoices.getState().offerAddress(kept.origin.address);
  else if (await mayRead(kept.origin.handles)) await reopen(kept);
}

async function reopen(kept: KeptSession): Promise<string> {
  if (kept.origin.kind !== 'files') return '';
  try {
    return await openPicked(await readHandles(kept.origin.handles), kept.origin);
  } catch (error) {
    await forgetSession();
    return `The files from your last visit could not be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function wasReloaded(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return entry !== undefined && 'type' in entry && entry.type === 'reload';
}
