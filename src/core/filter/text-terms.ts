/** What of a filter is looked for in texts, and how: places in one text, without knowing where the text comes from. */
import type { ExpressionTerm, Filter, WordsTerm } from './filter.ts';
import { termsOf } from './filter.ts';
import { minds } from './pattern.ts';
import { printTerm } from './print.ts';

/** One thing to look for. Survives structured clone. */
export interface TextTerm {
  /** Its words in the filter: equal terms have equal keys, and find the same. */
  readonly key: string;
  readonly kind: 'words' | 'expression';
  /** The words, or the source of the regular expression. */
  readonly text: string;
  /** Of the regular expression. */
  readonly flags: string;
}

/** Places in one text, in its order; no two overlap, and none is empty. */
export interface Finder {
  /** The first place at or behind `from` (UTF-16 units, `end` exclusive), or null. */
  next(text: string, from: number): { readonly start: number; readonly end: number } | null;
}

export function textTermOf(term: WordsTerm | ExpressionTerm): TextTerm {
  const key = printTerm(term);
  return term.kind === 'words'
    ? { key, kind: 'words', text: term.text, flags: '' }
    : { key, kind: 'expression', text: term.source, flags: term.flags };
}

/** Each once, in the order of the filter. */
export function textTermsOf(filter: Filter): readonly TextTerm[] {
  const found = new Map<string, TextTerm>();
  for (const term of termsOf(filter)) {
    if (term.kind !== 'words' && term.kind !== 'expression') continue;
    const text = textTermOf(term);
    found.set(text.key, text);
  }
  return [...found.values()];
}

/**
 * Words without a capital are found in any case, by Unicode's simple folding; with one, as they are. A regular expression says
 * itself what it minds. It may take any time: only threads that are watched run it on texts of a log.
 */
export function finderOf(term: Pick<TextTerm, 'kind' | 'text' | 'flags'>): Finder {
  if (term.kind === 'words' && minds(term.text)) return exactFinder(term.text);
  const source = term.kind === 'words' ? term.text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&') : term.text;
  const expression = new RegExp(source, term.kind === 'words' ? 'giu' : `g${term.flags}`);
  return {
    next(text, from) {
      expression.lastIndex = from;
      for (let found = expression.exec(text); found !== null; found = expression.exec(text)) {
        const { index, 0: match } = found;
        if (match !== '') return { start: index, end: index + match.length };
        // Nothing was found there: looked at again from the next character on, whole ones where the expression minds those.
        expression.lastIndex = index + (expression.unicode && (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1);
        if (expression.lastIndex > text.length) return null;
      }
      return null;
    },
  };
}

function exactFinder(words: string): Finder {
  return {
    next(text, from) {
      const start = text.indexOf(words, from);
      return start < 0 ? null : { start, end: start + words.length };
    },
  };
}
