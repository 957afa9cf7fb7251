/** Facts about the window, as React reads them. */
import { useSyncExternalStore } from 'react';

/** Below this width the screen is one column with tabs. */
export const NARROW = '(max-width: 899px)';

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}
