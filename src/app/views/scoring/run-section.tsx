/** The run: what it will cost, start, progress, pause, cancel, and how it ended. */
import type { ScoreEstimate } from '../../../engine/score/scoring.ts';
import type { DatasetFacts } from '../../../engine/answers/dataset.ts';
import type { ScoreScope } from '../../../core/score/wanted.ts';
import { cancelScoring, pauseScoring, prepare, resumeScoring, startScoring } from '../../queries/scoring.ts';
import type { Scoring } from '../../queries/scoring.ts';
import { useScoringChoices } from '../../state/scoring.ts';
import { asSentence, bytes, count, duration, exact, honestPercent, plural } from '../../text/format.ts';
import { endSentence, readingSentence } from '../../text/scoring.ts';
import { Button, Meter, Segments } from '../../widgets/controls.tsx';
import { useModelSize } from '../../queries/model.ts';
import { changeChoice } from './prepare-choice.ts';
import { NoRoom } from './stored-models.tsx';

const SCOPES: readonly { readonly value: ScoreScope; readonly label: string; readonly about: string }[] = [
  { value: 'missing', label: 'tokens without entropy', about: 'What the log has an entropy or a log-prob of is not scored' },
  {
    value: 'sampled',
    label: 'all sampled tokens',
    about: 'Log-probs are combined with what the model says of them; logged entropies stay in use',
  },
];

export function RunSection({ facts, scoring }: { readonly facts: DatasetFacts; readonly scoring: Scoring }) {
  const scope = useScoringChoices((s) => s.scope);
  const sketch = useScoringChoices((s) => s.sketch);
  const byItself = useScoringChoices((s) => s.startsByItself);
  const set = useScoringChoices((s) => s.set);
  const { work, end, problem } = scoring;
  const busy = work !== 'none';
  const distinct = facts.tokens.distinct;
  return (
    <section aria-label="Run" className="grid gap-3 px-4 py-3">
      <div className="grid min-w-0 gap-x-4 gap-y-2 sm:grid-cols-[72px_minmax(0,1fr)] sm:items-center">
        <span className="text-ink2">Score</span>
        <fieldset disabled={busy} className="m-0 flex min-w-0 border-0 p-0">
          <Segments
            label="Which tokens to score"
            choices={SCOPES}
            value={scope}
            onChange={(value) => changeChoice({ scope: value }, distinct)}
          />
        </fieldset>
      </div>
      <label className="flex items-baseline gap-2 text-ink2">
        <input
          type="checkbox"
          checked={sketch}
          disabled={busy}
          onChange={() => changeChoice({ sketch: !sketch }, distinct)}
          className="translate-y-px"
        />
        <span>
          Sketch the gradient of every sampled token, so that this page can say how much of the training gradient a set keeps; also of
          tokens whose entropy is logged
        </span>
      </label>
      {work === 'loading' && <Reading scoring={scoring} />}
      {work === 'estimating' && <Line words="Tokenising the log for the model to count its tokens…" />}
      {(work === 'running' || work === 'paused') && <Progress scoring={scoring} />}
      {busy && scoring.isKeptElsewhere && (
        <Line words="Another tab scores this log too and keeps its run: this one would not outlive a reload." />
      )}
      {problem !== null && (
        <p role="alert" className="m-0 rounded border border-cut bg-cut-soft px-3 py-2 wrap-anywhere">
          {problem}
        </p>
      )}
      {end && (
        <output aria-label="How the run ended" className="grid gap-1">
          <span className={`wrap-anywhere ${end.ok ? '' : 'text-cut'}`}>{endSentence(end)}</span>
          {end.fallbacks.map((why) => (
            <span key={why} className="text-cut wrap-anywhere">
              ▲ {why}. {end.ok ? 'The run continued without it.' : ''}
            </span>
          ))}
        </output>
      )}
      {!busy && <Before facts={facts} scoring={scoring} />}
      <label className="flex items-baseline gap-2 text-ink2">
        <input type="checkbox" checked={byItself} onChange={() => set({ startsByItself: !byItself })} className="translate-y-px" />
        <span>
          Start automatically when a log has neither entropies nor log-probs and this takes less than a minute
          {scoring.byItself ? '. This run did.' : ''}
        </span>
      </label>
    </section>
  );
}

function contextTitle({ windows: { context, overlap }, ownContext }: Extract<ScoreEstimate, { ok: true }>): string {
  const cut = context < ownContext ? `, cut from ${exact(ownContext)} to what memory holds` : '';
  return `What the model sees at once${cut}; windows of longer texts overlap by ${exact(overlap)}`;
}

function Before({ facts, scoring }: { readonly facts: DatasetFacts; readonly scoring: Scoring }) {
  const { estimate, end, atLeastSeconds, model } = scoring;
  const { model: choice, dtype } = useScoringChoices();
  const size = useModelSize(choice, dtype).data;
  const again = (): void => void prepare(facts.tokens.distinct);
  if (estimate?.ok === true) {
    if (estimate.scored === 0)
      return <p className="m-0 text-ink2">Nothing to score: every sampled token has entropy from the log already, or from this model.</p>;
    return (
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <dl aria-label="Estimate" className="m-0 flex flex-wrap gap-x-6 gap-y-2">
          <Figure
            name="to forward"
            value={exact(estimate.tokens)}
            unit="tokens"
            title={`${exact(estimate.distinct)} distinct and ${exact(estimate.reanchored)} forwarded again at window edges`}
          />
          <Figure
            name="distinct"
            value={exact(estimate.distinct)}
            unit="tokens"
            title={
              estimate.by === 'text'
                ? 'In the model’s own tokens: the text is tokenised again and mapped back by bytes'
                : 'The model reads the log’s own token ids'
            }
          />
          <Figure
            name="to score"
            value={exact(estimate.scored)}
            unit="tokens"
            title={
              `${estimate.by === 'text' ? 'In the model’s own tokens; ' : ''}${exact(estimate.unscorable)} ` +
              `have no prefix and cannot be scored`
            }
          />
          <Figure name="context" value={exact(estimate.windows.context)} unit="tokens" title={contextTitle(estimate)} />
          <Figure
            name="keys and values"
            value={bytes(estimate.cacheBytes)}
            unit="at most"
            title={`Of prefixes, kept while texts go on from them; ${bytes(estimate.cacheBytesPerToken)} for each token`}
          />
          <Figure
            name="rate"
            value={count(Math.round(estimate.tokensPerSecond))}
            unit="tokens/s"
            title="As measured on this device: in the last run, or on a probe before the first"
          />
          <Figure
            name="takes about"
            value={duration(Math.max(1, estimate.seconds))}
            title="Tokens to forward, padding included, at that rate"
          />
        </dl>
        <span className="flex-1" />
        <Button look="go" onClick={() => void startScoring(false)}>
          Start scoring
        </Button>
        <Notes
          notes={[...estimate.notes.filter((note) => model === null || !model.facts.notes.includes(note)), ...estimateNotes(estimate)]}
        />
      </div>
    );
  }
  if (estimate?.because === 'log')
    return (
      <p role="note" className="m-0 rounded border border-line bg-paper px-3 py-2 wrap-anywhere">
        {asSentence(estimate.reason)}
      </p>
    );
  if (end?.ok === true && !end.cancelled && model?.choice === choice) return null;
  if (end)
    return (
      <div>
        <Button look="go" onClick={again}>
          Estimate what is left
        </Button>
      </div>
    );
  const ready = size?.ok === true;
  const away = choice.kind === 'url';
  const here = ready && size.keptBytes > 0 && size.keptBytes === size.bytes;
  const missing = ready ? size.bytes - size.keptBytes : 0;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <span className="min-w-0 flex-1 text-ink2">
        {atLeastSeconds !== null
          ? `At least ${duration(atLeastSeconds)} on this device, so it does not start automatically.`
          : ready && !away
            ? `Reads ${bytes(size.bytes)}${choice.kind === 'bundled' ? ' that came with this page' : ' of your files'}; ` +
              `nothing is downloaded from elsewhere.`
            : ''}
        {ready &&
          away &&
          (here
            ? `${bytes(size.bytes)} in ${plural(size.files.length, 'file')} are kept in this browser; nothing is downloaded.`
            : `${bytes(missing)} to download; kept in this browser afterwards.`)}
      </span>
      <Button look={away ? 'go' : 'plain'} disabled={away && !ready} onClick={again}>
        {away ? (here ? 'Load and estimate' : `Download${ready ? ` ${bytes(missing)}` : ''} and estimate`) : 'Estimate'}
      </Button>
      {away && ready && <NoRoom missing={missing} />}
    </div>
  );
}

function estimateNotes({ sketch, ...estimate }: Extract<ScoreEstimate, { ok: true }>): string[] {
  return [
    ...(estimate.unknown > 0 ? [`${plural(estimate.unknown, 'token id')} have no known text and are left out`] : []),
    ...(estimate.inexact > 0 ? [`${plural(estimate.inexact, 'node')} cannot be tokenised exactly for the model`] : []),
    ...(sketch?.of === 'logits' ? [`the gradient is sketched from the logits alone: ${sketch.why}`] : []),
    ...(sketch && sketch.nodeShare < 1 ? [`the gradient is sketched of ${honestPercent(sketch.nodeShare, 0)} of the nodes`] : []),
  ];
}

export function Notes({ notes }: { readonly notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="m-0 grid basis-full list-none gap-0.5 p-0 text-ink2">
      {notes.map((note) => (
        <li key={note} className="wrap-anywhere">
          <span aria-hidden="true" className="text-cut">
            ▲{' '}
          </span>
          {note}
        </li>
      ))}
    </ul>
  );
}

function Figure({
  name,
  value,
  unit,
  title,
}: {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly title: string;
}) {
  return (
    <div title={title}>
      <dt className="text-t0 text-ink2">{name}</dt>
      <dd className="m-0 text-t3 font-[550] tabular-nums">
        {value}
        {unit && <span className="text-t1 font-[400] text-ink3"> {unit}</span>}
      </dd>
    </div>
  );
}

function Line({ words }: { readonly words: string }) {
  return (
    <div className="flex items-center gap-3">
      <output className="min-w-0 flex-1 text-ink2">{words}</output>
      <Button onClick={() => void cancelScoring()}>Cancel</Button>
    </div>
  );
}

function Reading({ scoring: { reading } }: { readonly scoring: Scoring }) {
  const known = reading !== null && reading.totalBytes > 0;
  const whole = known && reading.bytes >= reading.totalBytes;
  return (
    <>
      {known && <Meter share={reading.bytes / reading.totalBytes} className="h-1.5" />}
      <Line words={whole ? 'Starting the model and checking it on a probe…' : known ? readingSentence(reading) : 'Reading the model…'} />
    </>
  );
}

function Progress({ scoring: { update, work, estimate } }: { readonly scoring: Scoring }) {
  const total = update?.totalTokens ?? (estimate?.ok === true ? estimate.tokens : 0);
  const done = update?.tokens ?? 0;
  const share = total > 0 ? done / total : 0;
  const paused = work === 'paused';
  const helpers = (update?.threads ?? 1) - 1;
  return (
    <>
      <progress aria-label="Tokens forwarded" max={Math.max(1, total)} value={done} className="sr-only" />
      <Meter share={share} tone={paused ? 'ink' : 'leaf'} className="h-1.5" />
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <dl aria-label="Progress" className="m-0 flex flex-wrap gap-x-6 gap-y-2">
          <Figure
            name={paused ? 'paused at' : 'forwarded'}
            value={`${exact(done)} / ${exact(total)}`}
            unit={`tokens, ${honestPercent(share, 0)}`}
            title="Distinct tokens, and those forwarded again at window edges"
          />
          <Figure name="have a score" value={exact(update?.scored ?? 0)} unit="tokens" title="Of the forest’s own tokens" />
          <Figure
            name="rate"
            value={update?.tokensPerSecond ? count(Math.round(update.tokensPerSecond)) : '–'}
            unit={helpers === 0 ? 'tokens/s' : `tokens/s, with ${plural(helpers, 'idle parse worker')}`}
            title="Over the time spent computing"
          />
          <Figure
            name="remaining"
            value={update?.secondsLeft === null || update === null ? '–' : duration(update.secondsLeft)}
            title="At that rate"
          />
        </dl>
        <span className="flex-1" />
        <span className="flex gap-2">
          <Button onClick={() => void (paused ? resumeScoring() : pauseScoring())}>{paused ? 'Resume' : 'Pause'}</Button>
          <Button onClick={() => void cancelScoring()}>Cancel</Button>
        </span>
      </div>
    </>
  );
}
