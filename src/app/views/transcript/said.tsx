/** How a text is laid out: Markdown, a call's arguments by name, JSON in lines, code in colours, or as it is written. */
import { Fragment, lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import { jsonFields, prettyJson, type JsonField } from '../../../base/json-text.ts';
import { visible, visibleText } from '../../../base/visible.ts';
import { KIND } from '../../../core/model/kinds.ts';
import { showWhitespace } from '../../text/tokens.ts';
import { languageOfField, languageOfText } from './language.ts';
import type { Mark } from './marks.ts';

const Code = lazy(() => import('./code.tsx'));
const Markdown = lazy(() => import('./markdown.tsx'));

export interface SaidProps {
  readonly text: string;
  readonly kind: number;
  readonly markdown: boolean;
  readonly whitespace: boolean;
  /** As logged: nothing is laid out. */
  readonly raw: boolean;
  /** The text is all of the body. */
  readonly isWhole: boolean;
  /** Places of the filter's words. Where there are any the text is shown as it is written, with these marked. */
  readonly marks: readonly Mark[];
}

/** Whether the text would be laid out in another way than it is written. */
export function isLaidOut({ text, kind, isWhole }: Pick<SaidProps, 'text' | 'kind' | 'isWhole'>): boolean {
  if (kind === KIND.call || kind === KIND.memory) return isWhole && jsonFields(text) !== null;
  return kind === KIND.result && isWhole && prettyJson(text) !== null;
}

export function Said({ text, kind, markdown, whitespace, raw, isWhole, marks }: SaidProps) {
  if (marks.length > 0) return <Marked text={text} marks={marks} isMono={isMono(kind)} whitespace={whitespace} />;
  const plain = whitespace ? showWhitespace(visibleText(text)) : visibleText(text);
  if (kind === KIND.call || kind === KIND.memory) {
    const fields = raw || !isWhole ? null : jsonFields(text);
    return fields === null ? (
      <Mono>{coloured(text, languageOfText(text), plain, whitespace)}</Mono>
    ) : (
      <Arguments fields={fields} whitespace={whitespace} />
    );
  }
  if (kind === KIND.result) {
    const pretty = raw || !isWhole ? null : prettyJson(text);
    const shown = pretty ?? text;
    return (
      <Mono>
        {coloured(shown, pretty === null ? languageOfText(shown) : 'json', pretty === null ? plain : visibleText(shown), whitespace)}
      </Mono>
    );
  }
  if (markdown && !whitespace && !raw)
    return (
      <Suspense fallback={<Plain>{plain}</Plain>}>
        <Markdown text={text} />
      </Suspense>
    );
  return <Plain>{plain}</Plain>;
}

function isMono(kind: number): boolean {
  return kind === KIND.call || kind === KIND.memory || kind === KIND.result;
}

interface MarkedProps extends Pick<SaidProps, 'text' | 'marks' | 'whitespace'> {
  readonly isMono: boolean;
}

function Marked({ text, marks, isMono: mono, whitespace }: MarkedProps) {
  const said = (from: number, to: number): string => {
    const piece = visibleText(text.slice(from, to));
    return whitespace ? showWhitespace(piece) : piece;
  };
  const Frame = mono ? Mono : Plain;
  return (
    <Frame>
      {marks.map(({ start, end, isAt }, i) => (
        <Fragment key={start}>
          {said(marks[i - 1]?.end ?? 0, start)}
          <mark className="hit" aria-current={isAt}>
            {said(start, end)}
          </mark>
        </Fragment>
      ))}
      {said(marks.at(-1)?.end ?? 0, text.length)}
    </Frame>
  );
}

function Plain({ children }: { readonly children: ReactNode }) {
  return <div className="wrap-anywhere whitespace-pre-wrap">{children}</div>;
}

function Mono({ children }: { readonly children: ReactNode }) {
  return <div className="font-mono text-t1 wrap-anywhere whitespace-pre-wrap">{children}</div>;
}

function coloured(text: string, language: string, plain: string, whitespace: boolean): ReactNode {
  if (language === '') return plain;
  return (
    <Suspense fallback={plain}>
      <Code text={text} language={language} whitespace={whitespace} />
    </Suspense>
  );
}

/** Characters up to which arguments stand in one line, as in code. */
const ONE_LINE = 96;

function Arguments({ fields, whitespace }: { readonly fields: readonly JsonField[]; readonly whitespace: boolean }) {
  const path = fields.find(({ name, isText }) => isText && /path|file/i.test(name))?.value ?? null;
  const isShort =
    fields.every(({ value }) => !value.includes('\n')) &&
    fields.reduce((sum, { name, value }) => sum + name.length + value.length + 4, 0) <= ONE_LINE;
  if (fields.length === 0) return <Mono>()</Mono>;
  return (
    <dl className={`m-0 font-mono text-t1 ${isShort ? 'flex flex-wrap gap-x-3' : 'grid gap-0.5'}`}>
      {fields.map(({ name, value, isText }, i) => (
        <div key={i} className={value.includes('\n') ? '' : 'flex min-w-0 gap-1.5'}>
          <dt className="inline flex-none text-ink2">{visible(name)}:</dt>
          <dd className={`m-0 wrap-anywhere whitespace-pre-wrap ${value.includes('\n') ? 'pl-3' : ''}`}>
            {coloured(
              value,
              isText ? languageOfField(name, value, path) : 'json',
              whitespace ? showWhitespace(visibleText(value)) : visibleText(value),
              whitespace,
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
