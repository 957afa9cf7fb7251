/**
 * A filter over rollouts as a tree of terms: what `parseFilter` makes of `reward<0.5 tool:bash "connection refused"`.
 * docs/filter.md has the grammar. It knows names of columns and not what they hold; `checkFilter` holds it against a log.
 */
import type { FlagId } from './flags.ts';

/** Where a term stands in the text of the filter: UTF-16 units, `to` exclusive. */
interface Place {
  readonly from: number;
  readonly to: number;
}

/** `name<number`: by size. */
export interface CompareTerm extends Place {
  readonly kind: 'compare';
  readonly name: string;
  readonly op: '<' | '<=' | '>' | '>=';
  readonly number: number;
}

/** `name:value`: of text the whole of it, with wildcards; of a number its value or a range. `:` and `=` are the same. */
export interface IsTerm extends Place {
  readonly kind: 'is';
  readonly name: string;
  readonly op: ':' | '=' | '!=';
  /** What stands between the wildcards: one more than there are of them. */
  readonly pieces: readonly string[];
}

/** A bare word that says something of a rollout, such as `error`. */
export interface FlagTerm extends Place {
  readonly kind: 'flag';
  readonly flag: FlagId;
}

/** A word or phrase to find in the texts of a rollout. */
export interface WordsTerm extends Place {
  readonly kind: 'words';
  readonly text: string;
}

/** A regular expression to find in the texts of a rollout. */
export interface ExpressionTerm extends Place {
  readonly kind: 'expression';
  readonly source: string;
  readonly flags: string;
}

export type Term = CompareTerm | IsTerm | FlagTerm | WordsTerm | ExpressionTerm;

export type Filter =
  | Term
  /** The empty filter: every rollout. */
  | { readonly kind: 'all' }
  /** Two or more. */
  | { readonly kind: 'and'; readonly of: readonly Filter[] }
  | { readonly kind: 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter };

/** Why a text is no filter, or none for this log: a sentence, and the place in the text that it is about. */
export interface FilterFault extends Place {
  readonly ok: false;
  readonly fault: string;
}

export type ParsedFilter = { readonly ok: true; readonly filter: Filter } | FilterFault;

/** All terms, in the order of the text. */
export function* termsOf(filter: Filter): Generator<Term> {
  if (filter.kind === 'all') return;
  if (filter.kind === 'not') yield* termsOf(filter.of);
  else if (filter.kind === 'and' || filter.kind === 'or') for (const part of filter.of) yield* termsOf(part);
  else yield filter;
}
