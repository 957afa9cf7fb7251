/** A word of the field with what it means under the pointer; the sheet of keys has all of them for those who use none. */
import type { ReactNode } from 'react';
import { TERMS } from '../text/terms.ts';

export function Term({ word, children }: { readonly word: keyof typeof TERMS; readonly children: ReactNode }) {
  return (
    <dfn title={TERMS[word]} className="underline decoration-edge decoration-dotted underline-offset-2 not-italic">
      {children}
    </dfn>
  );
}
