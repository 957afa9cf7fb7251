/** Runs actions on key presses, and stands down while someone types or a dialog is open. */
import { useLayoutEffect, useRef } from 'react';
import type { Action } from './action.ts';
import { bindingOf, isTyping } from './state/keys.ts';

/** Keys that must work, or must not be eaten, even while typing: only those with a modifier, and undo stays the field's own. */
export function standsDown(binding: string, target: EventTarget | null, dialogOpen: boolean): boolean {
  // Enter presses what has the focus.
  if (binding === 'Enter' && !(target === document.body || (target instanceof Element && target.role === 'feed'))) return true;
  if (isTyping(target)) return !(binding === 'mod+k' || binding === 'mod+e' || binding === 'mod+o') || dialogOpen;
  return dialogOpen;
}

export function actionFor(actions: readonly Action[], binding: string): Action | undefined {
  return actions.find((action) => action.ready && action.keys.includes(binding));
}

/** Two presses further apart than this are no sequence. */
const SEQUENCE_MS = 1_000;

/** The press is the first of two that an action is bound to, such as `g g`. */
function beginsSequence(actions: readonly Action[], binding: string): boolean {
  return actions.some(({ ready, keys }) => ready && keys.some((keys) => keys.startsWith(`${binding} `)));
}

export function useShortcuts(actions: readonly Action[]): void {
  const before = useRef({ binding: '', at: -Infinity });
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const binding = bindingOf(event);
      const dialogOpen = document.querySelector('dialog[open], [popover]:popover-open') !== null;
      if (standsDown(binding, event.target, dialogOpen)) return;
      const first = event.timeStamp - before.current.at < SEQUENCE_MS ? before.current.binding : '';
      before.current = { binding, at: event.timeStamp };
      const spelt = event.shiftKey ? actionFor(actions, `shift+${binding}`) : undefined;
      const action = actionFor(actions, `${first} ${binding}`) ?? spelt ?? actionFor(actions, binding);
      if (!action) {
        if (beginsSequence(actions, binding)) event.preventDefault();
        return;
      }
      event.preventDefault();
      action.run();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [actions]);
}
