/** The picture of a plot: its fonts, its hatching, its parts under the keyboard. */
import { useId, type ReactNode } from 'react';

export function PlotSvg({
  label,
  width,
  height,
  heading,
  children,
}: {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  /** A line above: whose picture of several it is. */
  readonly heading?: string | undefined;
  readonly children: ReactNode;
}) {
  const id = useId();
  const tall = height + (heading === undefined ? 0 : HEADING);
  return (
    <svg
      role="toolbar"
      aria-label={label}
      width={width}
      height={tall}
      viewBox={`0 0 ${width} ${tall}`}
      className="plot block"
      style={{ ['--hatch' as string]: `url(#${id})` }}
    >
      <defs>
        <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" fill="var(--card)" />
          <rect width="2.5" height="5" fill="var(--ink2)" />
        </pattern>
      </defs>
      {heading === undefined ? (
        children
      ) : (
        <>
          <PlotText x={0} y={11} look="number">
            {shortened(heading, width)}
          </PlotText>
          <g transform={`translate(0 ${HEADING})`}>{children}</g>
        </>
      )}
    </svg>
  );
}

const HEADING = 18;

export interface TextProps {
  readonly x: number;
  readonly y: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly look?: 'axis' | 'name' | 'number' | 'quiet';
  readonly children: string;
}

const FILLS = { axis: 'var(--ink3)', name: 'var(--ink)', number: 'var(--ink)', quiet: 'var(--ink2)' } as const;

/** A line of text; the size is that of the smallest text of the page. */
export function PlotText({ x, y, anchor = 'start', look = 'axis', children }: TextProps) {
  return (
    <text
      x={x}
      y={y}
      textAnchor={anchor}
      fill={FILLS[look]}
      fontSize={11}
      fontWeight={look === 'number' ? 550 : 400}
      aria-hidden="true"
      style={{ fontFamily: 'var(--font)', fontFeatureSettings: "'tnum'" }}
    >
      {children}
    </text>
  );
}

/** The first letters that fit; the plot's own label has all. @param width CSS pixels, at some 6.1 a letter */
export function shortened(text: string, width: number): string {
  const letters = Array.from(text);
  const room = Math.max(1, Math.floor(width / 6.1));
  return letters.length <= room ? text : `${letters.slice(0, room - 1).join('')}…`;
}
