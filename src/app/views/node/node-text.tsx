/** The node's tokens: boundaries as hairlines, entropy as heat, an underline as the cue that needs no colour. */
import { visibleText } from '../../../base/visible.ts';
import { Fragment } from 'react';
import type { NodeKey } from '../../../core/model/node-key.ts';
import type { NodeToken } from '../../../engine/answers/looking.ts';
import { useNodeText, useTokenWeights } from '../../queries/answers.ts';
import { usePicked } from '../../state/choices.ts';
import { decimal, exact, plural } from '../../text/format.ts';
import { heatOf, lossText, showWhitespace } from '../../text/tokens.ts';
import { Button } from '../../widgets/controls.tsx';
import { After, Before } from './around.tsx';

/** Tokens of a text that leaves room for what stands around it. */
const SHORT = 80;

/** @param node of the token tree */
export function NodeText({ node }: { readonly node: NodeKey }) {
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage } = useNodeText(node);
  const { whitespace, set } = usePicked(({ whitespace, set }) => ({ whitespace, set }));
  const weights = useTokenWeights(node);
  const carrying = weights?.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0) ?? 0;
  // Where all tokens do, there is nothing to tell apart.
  const isPart = weights !== null && weights !== undefined && carrying < weights.length;
  const pages = data?.pages ?? [];
  const first = pages[0];
  const shown = pages.reduce((sum, page) => sum + page.tokens.length, 0);
  const isShort = first !== undefined && first.total <= SHORT;
  const decoded = pages.every((page) => page.tokens.every((token) => token.text !== null));
  return (
    <section aria-label="Text" className="flex min-h-[160px] flex-none flex-col min-[900px]:min-h-0 min-[900px]:flex-1">
      <div className="flex flex-none items-center gap-2 px-3 pt-2 text-t0 text-ink2">
        <span>
          {first
            ? shown === first.total
              ? `all ${plural(first.total, 'token')}`
              : `showing ${exact(shown)} of ${exact(first.total)} tokens`
            : ''}
        </span>
        {isPart && <span title="Tokens under a line carry loss; point at one for its weight">{exact(carrying)} carry loss</span>}
        <span className="flex-1 truncate" title={first?.decodedBy ?? undefined}>
          {first?.decodedBy ? `decoded by ${first.decodedBy}` : ''}
        </span>
        <label className="flex flex-none items-center gap-1">
          <input type="checkbox" checked={whitespace} onChange={(event) => set({ whitespace: event.target.checked })} />
          white space
        </label>
      </div>
      <div className="min-h-0 flex-1 overflow-auto">
        {error && (
          <p role="alert" className="m-0 px-3 py-2 text-t1 text-cut">
            The text could not be read: {error.message}
          </p>
        )}
        {!decoded && (
          <p className="m-0 px-3 pt-2 text-t0 text-ink2">
            {first?.sourceText
              ? `No available tokenizer can decode these ids. This is the whole event as ` +
                `it was logged; the node is ${plural(first.total, 'token')} of it.`
              : 'No available tokenizer can decode these ids.'}{' '}
            Drop the model’s tokenizer.json to read them one by one.
          </p>
        )}
        {isShort && <Before node={node} />}
        <div className="px-3 py-2 font-mono text-t1 leading-[1.75] wrap-anywhere whitespace-pre-wrap">
          {!decoded && first?.sourceText
            ? whitespace
              ? showWhitespace(visibleText(first.sourceText))
              : visibleText(first.sourceText)
            : pages.map((page) => (
                <Fragment key={page.from}>
                  {page.tokens.map((token, i) => (
                    <Token key={page.from + i} token={token} weight={weights?.[page.from + i]} marked={isPart} whitespace={whitespace} />
                  ))}
                </Fragment>
              ))}
        </div>
        {isShort && <After node={node} />}
        {hasNextPage && (
          <div className="px-3 pb-3">
            <Button small disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show more of {exact(first?.total ?? 0)}
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}

interface TokenProps {
  readonly token: NodeToken;
  /** 0: carries no loss; undefined: nobody sampled it, or not known yet. */
  readonly weight: number | undefined;
  /** Tokens that carry loss are told from those that do not. */
  readonly marked: boolean;
  readonly whitespace: boolean;
}

function Token({ token, weight, marked, whitespace }: TokenProps) {
  const text = visibleText(token.text ?? `⟨${token.id}⟩`);
  const title =
    `id ` +
    `${token.id}${Number.isNaN(token.entropy) ? '' : ` · entropy ${decimal(token.entropy)} nats`}` +
    (Number.isNaN(token.surprisal) ? '' : ` · surprisal ${decimal(token.surprisal)} nats`) +
    lossText(weight);
  return (
    <span title={title} className={`token heat-${heatOf(token)} ${marked && weight !== undefined && weight > 0 ? 'carries-loss' : ''}`}>
      {whitespace ? showWhitespace(text) : text}
    </span>
  );
}
