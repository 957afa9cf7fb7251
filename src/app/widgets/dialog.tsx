/** A modal dialog or a drawer on the platform's own element: focus, Escape and the rest of the page are its business. */
import { useId, useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Button } from './controls.tsx';

const PLACES = {
  centre: 'm-auto w-[min(760px,calc(100vw-24px))] max-h-[min(86vh,820px)] rounded border border-line2',
  top: 'mx-auto mt-[12vh] mb-auto w-[min(620px,calc(100vw-24px))] max-h-[70vh] rounded border border-line2',
  drawer: 'mr-0 ml-auto my-0 h-dvh max-h-dvh w-[min(920px,100vw)] max-w-none border-l border-line2',
} as const;

export function Dialog({
  title,
  place = 'centre',
  onClose,
  children,
  footer,
  bare = false,
}: {
  readonly title: string;
  readonly place?: keyof typeof PLACES;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  /** No header: the content brings its own. */
  readonly bare?: boolean;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Closed while it still stands in the page: only then the focus goes back to what opened it.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The platform would put the focus on the close button.
    (dialog?.querySelector<HTMLElement>('[data-first]') ?? dialog)?.focus();
    return () => dialog?.close();
  }, []);
  return (
    // A click on the backdrop lands on the dialog element itself.
    <dialog
      ref={ref}
      tabIndex={-1}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => event.target === ref.current && onClose()}
      className={`flex-col bg-card p-0 text-ink shadow-float open:flex ${PLACES[place]}`}
    >
      <div className="flex min-h-0 flex-1 flex-col">
        <div className={bare ? 'sr-only' : 'flex flex-none items-center gap-3 border-b border-line py-2 pr-2 pl-4'}>
          <h2 id={heading} className="m-0 min-w-0 flex-1 text-t3 font-[600] wrap-anywhere">
            {title}
          </h2>
          {!bare && (
            <Button look="quiet" small aria-label="Close" onClick={onClose}>
              ✕
            </Button>
          )}
        </div>
        {/* Positioned, so that what is out of sight inside it is not laid out on the dialog, which would then scroll too. */}
        <div className="relative min-h-0 flex-1 overflow-auto">{children}</div>
        {footer && <div className="flex flex-none flex-wrap items-center gap-2 border-t border-line px-4 py-3">{footer}</div>}
      </div>
    </dialog>
  );
}
