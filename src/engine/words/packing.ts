/** How well packed rows share prefixes, in a sentence. */
import type { Packing } from '../answers/exporting.ts';

export function packingText({ flat, tree, packed, padding, por, err }: Packing): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const count = (tokens: number): string => tokens.toLocaleString('en');
  return (
    `${count(flat)} tokens as flat rows, ${count(tree)} distinct (POR ${percent(por)}), ` +
    `${count(packed)} in rows (ERR ${percent(err)}), padded with ${count(padding)}`
  );
}
