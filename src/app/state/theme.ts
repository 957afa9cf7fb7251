/** Light or dark: the person's choice, else the system's; written on the document for styles and canvas to read. */
import { useChoices } from './choices.ts';

const DARK = '(prefers-color-scheme: dark)';

function shown(): 'light' | 'dark' {
  const { theme } = useChoices.getState();
  return theme === 'system' ? (matchMedia(DARK).matches ? 'dark' : 'light') : theme;
}

function apply(): void {
  const theme = shown();
  if (document.documentElement.dataset['theme'] !== theme) document.documentElement.dataset['theme'] = theme;
}

/** Keeps `data-theme` right from now on. */
export function followTheme(): void {
  apply();
  matchMedia(DARK).addEventListener('change', apply);
  useChoices.subscribe(apply);
}

export function toggleTheme(): void {
  useChoices.getState().set({ theme: shown() === 'dark' ? 'light' : 'dark' });
}
