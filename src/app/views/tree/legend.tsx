/** What the colours and marks of the drawing mean. */
import type { ReactNode } from 'react';
import { useFacts } from '../../queries/opening.ts';
import { colourIn, useChoices } from '../../state/choices.ts';
import { shortSource } from '../../text/scoring.ts';

const KEY = [
  ['k-context', 'context'],
  ['k-think', 'thinking'],
  ['k-text', 'text'],
  ['k-call', 'call'],
  ['k-result', 'result'],
  ['k-memory', 'memory'],
] as const;

export function Legend() {
  const colour = useChoices(colourIn);
  const source = useFacts()?.entropySource ?? 'none';
  return (
    <div
      className={
        'flex flex-1 basis-full flex-wrap items-center gap-x-[7px] text-t0 leading-4 min-[1320px]:h-4 ' +
        'min-[1320px]:min-w-[120px] min-[1320px]:basis-0 min-[1320px]:justify-end ' +
        'min-[1320px]:flex-nowrap min-[1320px]:overflow-hidden whitespace-nowrap text-ink2'
      }
    >
      {colour === 'kind' &&
        KEY.map(([swatch, name]) => (
          <Mark key={name} swatch={swatch}>
            {name}
          </Mark>
        ))}
      {colour === 'entropy' && (
        <Scale from="low" to="high" stops={['bg-[var(--h1)]', 'bg-[var(--h2)]', 'bg-[var(--h3)]', 'bg-[var(--h4)]']} />
      )}
      {colour === 'reward' && <Scale from="lowest" to="best reward" stops={['bg-cut', 'bg-line2', 'bg-leaf']} />}
      <Mark swatch="hatch">dropped</Mark>
      {colour === 'entropy' && source !== 'none' && (
        <span title={source} className="min-w-0 truncate">
          {shortSource(source)}
        </span>
      )}
    </div>
  );
}

function Mark({ swatch, children }: { readonly swatch: string; readonly children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1">
      <i className={`size-[9px] rounded-[2px] ${swatch}`} />
      {children}
    </span>
  );
}

function Scale({ from, to, stops }: { readonly from: string; readonly to: string; readonly stops: readonly string[] }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {from}
      <span className="flex overflow-hidden rounded-[2px]">
        {stops.map((stop) => (
          <i key={stop} className={`h-[9px] w-3.5 ${stop}`} />
        ))}
      </span>
      {to}
    </span>
  );
}
