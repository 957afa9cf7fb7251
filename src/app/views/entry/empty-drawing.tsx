/** A small drawing of what a pruned forest looks like: runs of tokens, a frontier, and what lies beyond it. */

/** x, y, width, height in a 660 × 96 field; class of the run. */
const RUNS: readonly (readonly [number, number, number, number, string])[] = [
  [0, 0, 120, 96, 'k-context'],
  [121, 0, 34, 96, 'k-think'],
  [156, 0, 12, 56, 'k-call'],
  [156, 57, 18, 39, 'k-text'],
  [169, 0, 70, 56, 'k-result'],
  [240, 0, 40, 27, 'k-think'],
  [240, 28, 26, 28, 'k-think'],
  [281, 0, 14, 27, 'k-memory'],
  [296, 0, 18, 27, 'k-call'],
  [315, 0, 62, 27, 'k-result'],
  [267, 28, 12, 28, 'k-call'],
  [280, 28, 48, 28, 'k-result'],
  [175, 57, 10, 39, 'k-call'],
  [186, 57, 66, 19, 'k-result'],
  [378, 0, 54, 13, 'k-text'],
];
const DROPPED: readonly (readonly [number, number, number, number])[] = [
  [378, 14, 160, 13],
  [433, 0, 90, 13],
  [329, 28, 120, 28],
  [186, 77, 150, 19],
  [253, 57, 250, 19],
  [539, 14, 90, 13],
];
const FRONTIER: readonly (readonly [number, number, number])[] = [
  [377.5, 14, 13],
  [432.5, 0, 13],
  [328.5, 28, 28],
  [185.5, 77, 19],
  [252.5, 57, 19],
];

export function EmptyDrawing() {
  return (
    <svg viewBox="0 0 660 96" className="h-auto w-full" aria-hidden="true">
      <defs>
        <pattern id="empty-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V6" stroke="var(--line2)" strokeWidth="1.4" />
        </pattern>
      </defs>
      {DROPPED.map(([x, y, w, h]) => (
        <g key={`${x},${y}`}>
          <rect x={x} y={y} width={w} height={h} fill="var(--sunk)" />
          <rect x={x} y={y} width={w} height={h} fill="url(#empty-hatch)" />
        </g>
      ))}
      {RUNS.map(([x, y, w, h, kind]) => (
        <rect key={`${x},${y}`} x={x} y={y} width={w} height={h} fill={`var(--${kind})`} />
      ))}
      {FRONTIER.map(([x, y, h]) => (
        <path key={`${x},${y}`} d={`M${x} ${y}v${h}`} stroke="var(--cut)" strokeWidth="1.8" />
      ))}
    </svg>
  );
}
