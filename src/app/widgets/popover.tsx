/** A button with a panel that floats beside it; the platform closes it on Escape and on a click elsewhere. */
import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';

const GAP = 4;
const EDGE = 8;

function place(panel: HTMLElement, beside: HTMLElement): void {
  const from = beside.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const below = from.bottom + GAP + size.height <= innerHeight - EDGE;
  const top = below ? from.bottom + GAP : Math.max(EDGE, from.top - GAP - size.height);
  const left = Math.max(EDGE, Math.min(from.left, innerWidth - size.width - EDGE));
  panel.style.top = `${top}px`;
  panel.style.left = `${left}px`;
}

export function Popover({
  label,
  value,
  button,
  className = '',
  width = 320,
  children,
}: {
  readonly label: string;
  /** What the button shows, where its label does not say it. */
  readonly value?: string;
  readonly button: ReactNode;
  readonly className?: string;
  readonly width?: number;
  /** Rendered only while open. */
  readonly children: () => ReactNode;
}) {
  const id = useId();
  const name = value === undefined ? label : `${label}: ${value}`;
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open || !opener.current || !panel.current) return undefined;
    const beside = opener.current;
    const element = panel.current;
    // The panel may grow while it is open.
    const observer = new ResizeObserver(() => place(element, beside));
    observer.observe(element);
    return () => observer.disconnect();
  }, [open]);
  return (
    <>
      <button ref={opener} type="button" popoverTarget={id} aria-expanded={open} aria-label={name} title={name} className={className}>
        {button}
      </button>
      <section
        ref={panel}
        id={id}
        popover="auto"
        aria-label={label}
        onToggle={(event) => setOpen(event.newState === 'open')}
        style={{ width: `min(${width}px, calc(100vw - 16px))` }}
        className="fixed m-0 max-h-[min(80vh,640px)] overflow-auto rounded border border-line2 bg-card p-0 text-t1 text-ink shadow-float"
      >
        {open && children()}
      </section>
    </>
  );
}
