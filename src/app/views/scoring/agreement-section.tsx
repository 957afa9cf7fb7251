/** How well logged and computed figures agree, where a token has both: correlations and a scatter. */
import { useEffect, useRef } from 'react';
import type { Agreement } from '../../../core/score/agreement.ts';
import { drawScatter } from '../../canvas/scatter.ts';
import { readTheme, watchTheme } from '../../canvas/theme.ts';
import { useAgreement } from '../../queries/model.ts';
import { decimal, exact } from '../../text/format.ts';
import { shortModel } from '../../text/scoring.ts';

const WIDTH = 300;
const HEIGHT = 240;

export function AgreementSection({ resting }: { readonly resting: boolean }) {
  const agreement = useAgreement(resting);
  if (!agreement) return null;
  const { of, tokens, spearman, pearson, meanLogged, meanModel, logged, source } = agreement;
  const rows: readonly (readonly [string, string])[] = [
    ['Spearman ρ', decimal(spearman, 3)],
    ['Pearson r', decimal(pearson, 3)],
    ['tokens with both', exact(tokens)],
    ['mean, logged', `${decimal(meanLogged, 3)} nats`],
    ['mean, model', `${decimal(meanModel, 3)} nats`],
  ];
  return (
    <section aria-label="Agreement" className="flex flex-wrap gap-x-6 gap-y-3 px-4 py-3">
      <div className="min-w-[200px] flex-1">
        <h3 className="m-0 mb-1 text-t1 font-[600]">Logged and computed {of}</h3>
        <p className="m-0 mb-1 text-ink2 wrap-anywhere">computed by {shortModel(source)}</p>
        <dl className="m-0">
          {rows.map(([name, value]) => (
            <div key={name} className="flex justify-between gap-3 border-b border-line py-1">
              <dt className="text-ink2">{name}</dt>
              <dd className="m-0 tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
        <p className="m-0 mt-2 text-ink2">
          {of === 'entropy'
            ? 'Logged values stay in use; the model’s are shown beside them.'
            : 'The log holds surprisal but no entropy, so surprisal is compared.'}
          {logged.length < tokens ? ` ${exact(logged.length)} evenly spaced tokens are plotted.` : ''} The dashed line is where both are
          equal.
        </p>
      </div>
      <Scatter agreement={agreement} />
    </section>
  );
}

function Scatter({ agreement }: { readonly agreement: Agreement }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const draw = (): void => {
      const context = canvas.current?.getContext('2d');
      if (!canvas.current || !context) return;
      const scale = devicePixelRatio;
      canvas.current.width = WIDTH * scale;
      canvas.current.height = HEIGHT * scale;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      drawScatter(context, readTheme(canvas.current), agreement, WIDTH, HEIGHT);
    };
    draw();
    return watchTheme(draw);
  }, [agreement]);
  const label =
    `Scatter of ${exact(agreement.logged.length)} tokens: logged ${agreement.of} across, the model’s ` +
    `up, in nats. Spearman ${decimal(agreement.spearman, 3)}, Pearson ${decimal(agreement.pearson, 3)}.`;
  return (
    <canvas ref={canvas} style={{ width: WIDTH, height: HEIGHT }} className="max-w-full flex-none">
      {label}
    </canvas>
  );
}
