/** The view that a word in the address means. */
import type { MainView } from './main-view.ts';
import { MAIN_VIEWS } from './registry.ts';

/** The first view where the word names none: a link may come from a newer version. */
export function mainViewOf(id: string): MainView {
  return MAIN_VIEWS.find((view) => view.id === id) ?? MAIN_VIEWS[0];
}
