/** How well packed rows share prefixes, of one file or of several together. */
import type { PackCounts, Packing } from '../answers/exporting.ts';

/** @param parts at least one */
export function packingOf(parts: readonly PackCounts[]): Packing {
  const sum = (of: (part: PackCounts) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const [flat, tree] = [sum((part) => part.flat), sum((part) => part.tree)];
  const [packed, padding] = [sum((part) => part.packed), sum((part) => part.padding)];
  const saved = (tokens: number): number => (flat === 0 ? 0 : 1 - tokens / flat);
  return { flat, tree, packed, padding, por: saved(tree), err: saved(packed) };
}
