/** Text to be used elsewhere, as it is, with a button that copies it. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './controls.tsx';

const SHOWN_MS = 2_000;

export function CodeBlock({ label, title, text }: { readonly label: string; readonly title: ReactNode; readonly text: string }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  useEffect(() => {
    if (copied === 'no') return undefined;
    const timer = setTimeout(() => setCopied('no'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('refused'),
    );
  return (
    <section aria-label={label} className="min-w-0 overflow-hidden rounded border border-line bg-paper">
      <div className="flex items-center gap-2 border-b border-line py-1 pr-1 pl-3">
        <span className="min-w-0 flex-1 truncate">{title}</span>
        <Button small look="quiet" aria-label={`Copy ${label}`} onClick={copy}>
          <output>{copied === 'yes' ? 'Copied' : copied === 'refused' ? 'Not allowed: select it' : 'Copy'}</output>
        </Button>
      </div>
      <pre className="m-0 max-h-[220px] overflow-auto px-3 py-2 font-mono text-t0 whitespace-pre-wrap wrap-anywhere">{text.trimEnd()}</pre>
    </section>
  );
}
