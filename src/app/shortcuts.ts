/** Runs actions on key presses, and stands down while someone types or a dialog is open. */
import { useLayoutEffect } from 'react';
import type { Action } from './actions.ts';
import { bindingOf, isTyping } from './state/keys.ts';

/** Keys that must work, or must not be eaten, even while typing: only those with a modifier, and undo stays the field's own. */
export function standsDown(binding: string, target: EventTarget | null, dialogOpen: boolean): boolean {
  if (isTyping(target)) return !(binding === 'mod+k' || binding === 'mod+e' || binding === 'mod+o') || dialogOpen;
  return dialogOpen;
}

export function actionFor(actions: readonly Action[], binding: string): Action | undefined {
  return actions.find((action) => action.ready && action.keys.includes(binding));
}

export function useShortcuts(actions: readonly Action[]): void {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const binding = bindingOf(event);
      const dialogOpen = document.querySelector('dialog[open], [popover]:popover-open') !== null;
      if (standsDown(binding, event.target, dialogOpen)) return;
      const action = actionFor(actions, binding);
      if (!action) return;
      event.preventDefault();
      action.run();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [actions]);
}
