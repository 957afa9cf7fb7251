/** Reads key presses as bindings such as `mod+k`, and knows when shortcuts must stand down. */

interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** `mod` is the command key on a Mac and control elsewhere; either is taken on both. */
export function bindingOf(press: Press): string {
  const mod = press.ctrlKey || press.metaKey;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const parts = [];
  if (mod) parts.push('mod');
  if (press.altKey) parts.push('alt');
  // Shift matters with a modifier; without one the character itself tells (`?`).
  if (press.shiftKey && mod) parts.push('shift');
  parts.push(key);
  return parts.join('+');
}

const TEXT_INPUTS = new Set(['text', 'search', 'url', 'number', 'email', 'password', 'tel', '']);

/** True where a key press belongs to what is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && TEXT_INPUTS.has(target.type);
}

const isMac = typeof navigator !== 'undefined' && /Mac|iP(hone|ad|od)/.test(navigator.platform);
const CAPS: Readonly<Record<string, string>> = { Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓', Enter: '↵' };

/** The binding as it is written on the keys of this machine. */
export function keycap(binding: string): string {
  return (binding === '+' ? ['+'] : binding.split('+'))
    .map((part) =>
      part === 'mod'
        ? isMac
          ? '⌘'
          : 'Ctrl'
        : part === 'shift'
          ? isMac
            ? '⇧'
            : 'Shift'
          : part === 'alt'
            ? isMac
              ? '⌥'
              : 'Alt'
            : (CAPS[part] ?? (part.length === 1 && binding.includes('+') ? part.toUpperCase() : part)),
    )
    .join(isMac ? '' : ' ');
}
