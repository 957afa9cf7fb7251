/** Keeps the address equal to the choices, a moment after they rest, and the choices to an address that is typed or pasted. */
import { DEFAULT_OPEN_SETTINGS } from '../../engine/answers/opening.ts';
import { useChoices } from './choices.ts';
import type { Choices } from './choices.ts';
import { NO_NOTES } from '../../core/notes/notes.ts';
import { keepSettings } from './kept-session.ts';
import type { KeptWords } from './kept-session.ts';
import { writeHash } from './url.ts';

/** Browsers refuse more than some hundred history writes in half a minute, so a drag must not write each tick. */
const REST_MS = 250;

function hashOf(choices: Choices): string {
  const { rule, budget } = choices.pruning.present;
  const { memoryTools, maxNodeTokens, group, statusRewards, policyVersion } = choices.openSettings;
  const normal = memoryTools.join() === DEFAULT_OPEN_SETTINGS.memoryTools.join();
  const open = {
    ...(normal ? {} : { memoryTools }),
    maxNodeTokens,
    ...(group && { group }),
    ...(statusRewards && { statusRewards }),
    ...(policyVersion !== undefined && { policyVersion }),
  };
  return writeHash({ ...choices, data: choices.madeOn, rule, budget, open });
}

/** The query names the address that is open, so that a link opens the same log; for files of this machine there is none. */
function searchOf({ opening, address, offered }: Choices): string {
  const words = new URLSearchParams(location.search);
  const open = opening?.origin.kind === 'address' ? opening.origin.address : (address ?? offered);
  if (open !== null) words.set('url', open);
  else words.delete('url');
  const text = words.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

/** What was kept last beside the address. */
const NO_REWARDS: KeptWords['rewards'] = [];
let kept: KeptWords = { notes: NO_NOTES, rewards: NO_REWARDS };

function writeAddress(): void {
  const choices = useChoices.getState();
  const next = `${location.pathname}${searchOf(choices)}${hashOf(choices)}`;
  const { notes } = choices.pruning.present;
  const rewards = choices.openSettings.rewards ?? NO_REWARDS;
  const isNew = next !== `${location.pathname}${location.search}${location.hash}`;
  if (isNew) history.replaceState(null, '', next);
  if (!isNew && notes === kept.notes && rewards === kept.rewards) return;
  kept = { notes, rewards };
  if (choices.opening) void keepSettings(location.hash, kept);
}

/** Starts following; returns how to stop. */
export function followChoices(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = useChoices.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(writeAddress, REST_MS);
  });
  // What is written above raises no such event, but may have taken the new address's place before this one is told.
  const take = ({ newURL }: HashChangeEvent): void => useChoices.getState().restore(new URL(newURL).hash);
  addEventListener('hashchange', take);
  return () => {
    clearTimeout(timer);
    removeEventListener('hashchange', take);
    stop();
  };
}
