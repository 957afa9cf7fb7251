/** Shortcuts are read from key presses, and stand down while someone types or a dialog is open. */
import { describe, expect, it } from 'vitest';
import { actionFor, standsDown } from '../../../src/app/shortcuts.ts';
import type { Action } from '../../../src/app/action.ts';
import { bindingOf, isTyping, keycap } from '../../../src/app/state/keys.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});

function element(html: string): HTMLElement {
  const holder = document.createElement('div');
  holder.innerHTML = html;
  const [made] = holder.children;
  if (!(made instanceof HTMLElement)) throw new Error(`expected one element in ${html}`);
  return made;
}

describe('bindings', () => {
  it('take control and command alike, and let the character speak for shift', () => {
    expect(bindingOf(press('k', { ctrlKey: true }))).toBe('mod+k');
    expect(bindingOf(press('K', { metaKey: true, shiftKey: true }))).toBe('mod+shift+k');
    expect(bindingOf(press('?', { shiftKey: true }))).toBe('?');
    expect(bindingOf(press('Escape'))).toBe('Escape');
  });

  it('are written with every part, the plus key included', () => {
    expect(keycap('+')).toBe('+');
    expect(keycap('Escape')).toBe('Esc');
    expect(['Ctrl Shift Z', '⌘⇧Z']).toContain(keycap('mod+shift+z'));
  });
});

describe('standing down', () => {
  it.each([
    ['<input>', true],
    ['<input type="search">', true],
    ['<textarea></textarea>', true],
    ['<select></select>', true],
    ['<input type="range">', false],
    ['<input type="checkbox">', false],
    ['<button>Go</button>', false],
    ['<div></div>', false],
  ])('%s is typed into: %s', (html, typed) => {
    expect(isTyping(element(html))).toBe(typed);
  });

  it('leaves letters, digits and undo to the field', () => {
    const field = element('<input>');
    for (const binding of ['1', 'j', '[', '/', '?', 'Escape', 'mod+z']) expect(standsDown(binding, field, false)).toBe(true);
  });

  it('still opens the palette and the export from a field', () => {
    const field = element('<input>');
    expect(standsDown('mod+k', field, false)).toBe(false);
    expect(standsDown('mod+e', field, false)).toBe(false);
  });

  it('leaves everything to an open dialog', () => {
    expect(standsDown('1', document.body, true)).toBe(true);
    expect(standsDown('mod+k', document.body, true)).toBe(true);
    expect(standsDown('1', document.body, false)).toBe(false);
  });
});

const action = (id: string, keys: string[], ready: boolean): Action => ({ id, group: 'Test', name: id, keys, ready, run: () => undefined });

it('runs only actions that are ready', () => {
  const actions = [action('a', ['x'], false), action('b', ['x', 'y'], true)];
  expect(actionFor(actions, 'x')?.id).toBe('b');
  expect(actionFor(actions, 'z')).toBeUndefined();
});
