/** A wavy line under the part of a filter that is at fault, behind the text of its field. */
export function Underline({
  text,
  from,
  to,
  scroll,
}: {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Pixels by which the field is scrolled. */
  readonly scroll: number;
}) {
  // A fault at the end has no text of its own: the line goes on where something is missing.
  const wrong = to > from ? text.slice(from, to) : '\u00a0\u00a0';
  return (
    <span aria-hidden="true" className="pointer-events-none absolute inset-0 overflow-hidden font-mono text-t1 whitespace-pre">
      <span className="relative text-transparent" style={{ left: -scroll }}>
        {text.slice(0, from)}
        <span className="underline decoration-cut decoration-wavy decoration-1 underline-offset-2">{wrong}</span>
      </span>
    </span>
  );
}
