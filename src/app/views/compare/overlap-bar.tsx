/** Two sets as one bar: what A alone has, what both have, what B alone has. The numbers stand beside it. */
import type { Overlap } from '../../../core/prune/overlap.ts';
import { exact } from '../../text/format.ts';

export function OverlapBar({ overlap: { a, b, both, either } }: { readonly overlap: Overlap }) {
  const [onlyA, onlyB] = [either - b, either - a];
  const part = (value: number): string => `${either === 0 ? 0 : (100 * value) / either}%`;
  return (
    <span
      aria-hidden="true"
      title={`only A ${exact(onlyA)} · both ${exact(both)} · only B ${exact(onlyB)}`}
      className="flex h-3 w-full min-w-24 border border-line2 bg-sunk"
    >
      <span className="hatch-ink" style={{ width: part(onlyA) }} />
      <span className="bg-edge" style={{ width: part(both) }} />
      <span className="dots-ink" style={{ width: part(onlyB) }} />
    </span>
  );
}
