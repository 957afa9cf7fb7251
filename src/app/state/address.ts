/** Keeps the address equal to the choices, a moment after they rest, and the choices to an address that is typed or pasted. */
import { DEFAULT_OPEN_SETTINGS } from '../../engine/answers/opening.ts';
import { useChoices } from './choices.ts';
import type { Choices } from './choices.ts';
import { keepSettings } from './kept-session.ts';
import { writeHash } from './url.ts';

/** Browsers refuse more than some hundred history writes in half a minute, so a drag must not write each tick. */
const REST_MS = 250;

function hashOf(choices: Choices): string {
  const { rule, budget } = choices.pruning.present;
  const { memoryTools, maxNodeTokens } = choices.openSettings;
  const normal = memoryTools.join() === DEFAULT_OPEN_SETTINGS.memoryTools.join();
  return writeHash({ ...choices, data: choices.madeOn, rule, budget, open: { ...(normal ? {} : { memoryTools }), maxNodeTokens } });
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

function writeAddress(): void {
  const choices = useChoices.getState();
  const next = `${location.pathname}${searchOf(choices)}${hashOf(choices)}`;
  if (next === `${location.pathname}${location.search}${location.hash}`) return;
  history.replaceState(null, '', next);
  if (choices.opening) void keepSettings(location.hash);
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
