/** Keeps the address's hash equal to the choices, a moment after they rest. */
import { DEFAULT_OPEN_SETTINGS } from '../../engine/answers.ts';
import { useChoices } from './choices.ts';
import type { Choices } from './choices.ts';
import { writeHash } from './url.ts';

/** Browsers refuse more than some hundred history writes in half a minute, so a drag must not write each tick. */
const REST_MS = 250;

export function hashOf(choices: Choices): string {
  const { rule, budget } = choices.pruning.present;
  const { memoryTools, maxNodeTokens } = choices.openSettings;
  const normal = memoryTools.join() === DEFAULT_OPEN_SETTINGS.memoryTools.join();
  return writeHash({ ...choices, rule, budget, open: { ...(normal ? {} : { memoryTools }), maxNodeTokens } });
}

function writeAddress(): void {
  const hash = hashOf(useChoices.getState());
  if (hash !== location.hash) history.replaceState(null, '', hash === '' ? `${location.pathname}${location.search}` : hash);
}

/** Starts following; returns how to stop. */
export function followChoices(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = useChoices.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(writeAddress, REST_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
