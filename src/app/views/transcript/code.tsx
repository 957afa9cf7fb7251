/** Code in the colours of its language; plain where that is not known, or the text is long. */
import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { visibleText } from '../../../base/visible.ts';
import { showWhitespace } from '../../text/tokens.ts';
import { highlight, type Highlighted } from './highlight.ts';

export interface CodeProps {
  readonly text: string;
  /** As its fence, its file or its tool names it. */
  readonly language: string;
  readonly whitespace: boolean;
}

export default function Code({ text, language, whitespace }: CodeProps) {
  const shown = visibleText(text);
  const tree = highlight(shown, language);
  const said = (piece: string): string => (whitespace ? showWhitespace(piece) : piece);
  return <>{tree === null ? said(shown) : tree.map((node, i) => <Fragment key={i}>{drawn(node, said)}</Fragment>)}</>;
}

function drawn(node: Highlighted[number], said: (piece: string) => string): ReactNode {
  if (node.type === 'text') return said(node.value);
  if (node.type !== 'element') return null;
  const names = node.properties['className'];
  return (
    <span className={Array.isArray(names) ? names.join(' ') : undefined}>
      {node.children.map((child, i) => (
        <Fragment key={i}>{child.type === 'text' || child.type === 'element' ? drawn(child, said) : null}</Fragment>
      ))}
    </span>
  );
}
