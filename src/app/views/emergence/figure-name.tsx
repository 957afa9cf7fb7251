/** The name of a figure with its unit, and its numbers with their intervals below them. */
import type { Described } from '../../../engine/studies/emergence/figures.ts';

export function FigureName({ about: { label, unit, help } }: { readonly about: Described }) {
  return (
    <span title={help}>
      {label}
      {unit !== null && unit !== label.toLowerCase() && <span className="ml-1.5 text-t0 font-[400] text-ink2">{unit}</span>}
    </span>
  );
}

interface NumberCellProps {
  readonly text: string;
  /** Said after the interval. */
  readonly note?: string;
  /** Bold; else, where it is said at all, quiet. */
  readonly isClear?: boolean;
  readonly title?: string;
}

/** `text` as `estimateText` and its like write it: a number, then its interval in brackets. */
export function NumberCell({ text, note = '', isClear, title }: NumberCellProps) {
  const at = text.indexOf(' (');
  const end = text.indexOf(')');
  const [number, interval] = at < 0 ? [text, ''] : [`${text.slice(0, at)}${text.slice(end + 1)}`, text.slice(at + 2, end)];
  return (
    <td className="px-3 py-1 whitespace-nowrap" title={title}>
      <span className={isClear === undefined ? '' : isClear ? 'font-[600]' : 'text-ink2'}>{number === '' ? '–' : number}</span>
      {(interval !== '' || note !== '') && (
        <span className="block text-t0 text-ink2">{[interval, note].filter((part) => part !== '').join(' · ')}</span>
      )}
    </td>
  );
}
