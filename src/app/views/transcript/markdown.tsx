/**
 * Markdown as React elements. Nothing in it acts: HTML is text, a link is its words and its address, an image is named, and what the
 * parser does not take is shown as it was written.
 */
import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { visible, visibleText } from '../../../base/visible.ts';
import Code from './code.tsx';

/** Nesting beyond which a piece is shown as it was written. */
const DEEPEST = 16;

export default function Markdown({ text }: { readonly text: string }) {
  const tokens = parsed(text);
  return tokens === null ? (
    <span className="whitespace-pre-wrap">{visibleText(text)}</span>
  ) : (
    <div className="markdown">{blocks(tokens, 0)}</div>
  );
}

function parsed(text: string): readonly Token[] | null {
  try {
    return lexer(text);
  } catch {
    // Nested beyond what its stack takes.
    return null;
  }
}

function blocks(tokens: readonly Token[], depth: number): ReactNode {
  return tokens.map((token, i) => <Fragment key={i}>{block(token, depth)}</Fragment>);
}

/** Without extensions every token is one of the parser's own. */
function isOwn(token: Token): token is MarkedToken {
  return typeof token.type === 'string';
}

function block(token: Token, depth: number): ReactNode {
  if (depth > DEEPEST || !isOwn(token)) return visibleText(token.raw);
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      return <p className={`md-heading md-heading-${token.depth}`}>{inlines(token.tokens, depth)}</p>;
    case 'code':
      return (
        <pre className="md-code">
          <Code text={token.text} language={token.lang?.split(/\s/)[0]?.toLowerCase() ?? ''} whitespace={false} />
        </pre>
      );
    case 'blockquote':
      return <blockquote>{blocks(token.tokens, depth + 1)}</blockquote>;
    case 'list':
      return list(token, depth);
    case 'table':
      return table(token, depth);
    case 'hr':
      return <hr />;
    case 'paragraph':
      return <p>{inlines(token.tokens, depth)}</p>;
    case 'text':
      return token.tokens === undefined ? visibleText(token.raw) : inlines(token.tokens, depth);
    default:
      return <p>{visibleText(token.raw)}</p>;
  }
}

function list({ ordered, start, items }: Tokens.List, depth: number): ReactNode {
  const rows = items.map((item, i) => (
    <li key={i}>
      {item.task && (item.checked === true ? '☑ ' : '☐ ')}
      {blocks(item.tokens, depth + 1)}
    </li>
  ));
  return ordered ? <ol start={start === '' ? 1 : start}>{rows}</ol> : <ul>{rows}</ul>;
}

function table({ header, rows }: Tokens.Table, depth: number): ReactNode {
  return (
    <table>
      <thead>
        <tr>
          {header.map((cell, i) => (
            <th key={i}>{inlines(cell.tokens, depth)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, r) => (
          <tr key={r}>
            {row.map((cell, i) => (
              <td key={i}>{inlines(cell.tokens, depth)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inlines(tokens: readonly Token[], depth: number): ReactNode {
  return tokens.map((token, i) => <Fragment key={i}>{span(token, depth)}</Fragment>);
}

function span(token: Token, depth: number): ReactNode {
  if (depth > DEEPEST || !isOwn(token)) return visibleText(token.raw);
  switch (token.type) {
    case 'strong':
      return <strong>{inlines(token.tokens, depth + 1)}</strong>;
    case 'em':
      return <em>{inlines(token.tokens, depth + 1)}</em>;
    case 'del':
      return <del>{inlines(token.tokens, depth + 1)}</del>;
    case 'codespan':
      return <code>{visible(token.text)}</code>;
    case 'br':
      return <br />;
    case 'escape':
      return visibleText(token.text);
    case 'link':
      return link(token, depth);
    case 'image':
      return <span className="md-address">{`[image: ${visible(token.text)} ${visible(token.href)}]`}</span>;
    case 'text':
      return token.tokens === undefined ? visibleText(token.raw) : inlines(token.tokens, depth + 1);
    default:
      return visibleText(token.raw);
  }
}

/** Where it leads is seen and never gone to: the address is the log's. */
function link(token: Tokens.Link, depth: number): ReactNode {
  return (
    <>
      <span className="underline decoration-dotted underline-offset-2">{inlines(token.tokens, depth + 1)}</span>
      {token.text !== token.href && <span className="md-address"> ({visible(token.href)})</span>}
    </>
  );
}
