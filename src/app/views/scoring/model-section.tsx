/** The model: which one, on which device, what is said against it, and why a person's own is better. */
import { visible } from '../../../base/visible.ts';
import { deviceText } from '../../../core/score/model-source.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ModelChoice } from '../../../engine/score/model-choice.ts';
import type { ModelFacts } from '../../../engine/score/scorer.ts';
import { useCardFigures, useModelSize } from '../../queries/model.ts';
import type { Scoring } from '../../queries/scoring.ts';
import { removeStored } from '../../queries/stored-models.ts';
import { EXECUTORS, LENDS, useScoringChoices } from '../../state/scoring.ts';
import type { ExecutorChoice, LendChoice } from '../../state/scoring.ts';
import { bytes, exact, plural } from '../../text/format.ts';
import { selfCheckSentence, unusable } from '../../text/scoring.ts';
import { Button, Segments, Select } from '../../widgets/controls.tsx';
import { findModel } from '../entry/find-model.ts';
import { chooseFolder } from '../entry/pick.ts';
import { OwnRendering } from './own-rendering.tsx';
import { changeChoice } from './prepare-choice.ts';
import { Notes } from './run-section.tsx';
import { StoredModels } from './stored-models.tsx';

type Kind = 'bundled' | 'files' | 'url';

const KINDS: readonly { readonly value: Kind; readonly label: string; readonly about: string }[] = [
  { value: 'bundled', label: 'bundled', about: 'espalier-3m, which comes with this page and works offline' },
  { value: 'files', label: 'a folder', about: 'model.onnx (with its data), tokenizer.json and config.json' },
  { value: 'url', label: 'an address', about: 'A folder on a server that lets pages read it' },
];
const EXECUTOR_NAMES: Readonly<Record<ExecutorChoice, { readonly label: string; readonly about: string }>> = {
  auto: { label: 'automatic', about: 'WebGPU on a hardware adapter where it agrees with wasm, else wasm' },
  webgpu: { label: 'webgpu', about: 'Also on a software adapter' },
  wasm: { label: 'wasm', about: 'On the CPU' },
};
const EXECUTOR_CHOICES = EXECUTORS.map((value) => ({ value, ...EXECUTOR_NAMES[value] }));
const LEND_NAMES: Readonly<Record<LendChoice, string>> = {
  alike: 'beside wasm',
  any: 'beside any device: figures then depend on who was faster',
  none: 'never',
};
const LEND_CHOICES = LENDS.map((value) => ({ value, label: LEND_NAMES[value] }));
const DTYPES = ['first available', 'fp32', 'fp16', 'q8', 'q4', 'q4f16', 'bnb4', 'int8', 'uint8'] as const;
const DTYPE_CHOICES = DTYPES.map((value) => ({ value, label: value }));

export function ModelSection({ scoring, distinct }: { readonly scoring: Scoring; readonly distinct: number }) {
  const { model, executor, dtype, lend } = useScoringChoices();
  const [kind, setKind] = useState<Kind | null>(null);
  const shown = kind ?? (model.kind === 'folder' ? 'bundled' : model.kind);
  // Another one may still be loaded than the one that was just chosen.
  const loaded = scoring.model?.choice === model ? scoring.model : null;
  const busy = scoring.work === 'running' || scoring.work === 'paused';
  const choose = (next: ModelChoice): void => {
    setKind(null);
    changeChoice({ model: next, dtype: null }, distinct);
  };
  const chooseKind = (next: Kind): void => {
    if (next === 'bundled' && model.kind !== 'bundled') choose({ kind: 'bundled' });
    else setKind(next);
  };
  return (
    <section aria-label="Model" className="px-4 py-3">
      <fieldset
        disabled={busy}
        className="m-0 grid min-w-0 gap-x-4 gap-y-2 border-0 p-0 sm:grid-cols-[72px_minmax(0,1fr)] sm:items-baseline"
      >
        <span className="text-ink2">Model</span>
        <div className="grid min-w-0 gap-2">
          <div className="flex">
            <Segments label="Where the model comes from" choices={KINDS} value={shown} onChange={chooseKind} />
          </div>
          {shown === 'bundled' && <Chosen model={model} dtype={dtype} />}
          {shown === 'files' && <FolderChoice model={model} dtype={dtype} onChoose={choose} />}
          {shown === 'url' && <AddressChoice model={model} dtype={dtype} onChoose={choose} />}
          {shown !== 'bundled' && (
            <span className="flex flex-wrap items-center gap-2 text-ink2">
              Weights
              <Select
                label="Which weights"
                choices={DTYPE_CHOICES}
                value={DTYPES.find((name) => name === dtype) ?? DTYPES[0]}
                onChange={(value) => changeChoice({ dtype: value === DTYPES[0] ? null : value }, distinct)}
              />
            </span>
          )}
        </div>
        <span className="text-ink2">Device</span>
        <div className="grid min-w-0 gap-2">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Segments
              label="Device"
              choices={EXECUTOR_CHOICES}
              value={executor}
              onChange={(value) => changeChoice({ executor: value }, distinct)}
            />
            {busy && scoring.model !== null && loaded === null ? (
              <Another scoring={scoring} next={nameOf(model)} />
            ) : (
              <DeviceNow model={loaded} update={scoring.update} work={scoring.work} />
            )}
          </div>
          <span className="flex min-w-0 flex-wrap items-center gap-2 text-ink2">
            Idle parse workers help on wasm
            <Select
              label="When idle parse workers help to score"
              choices={LEND_CHOICES}
              value={lend}
              onChange={(value) => changeChoice({ lend: value }, distinct)}
              className="max-w-full"
            />
          </span>
          {loaded && <span className="text-ink2 wrap-anywhere">{selfCheckSentence(loaded.facts)}</span>}
          {loaded && <Hashes facts={loaded.facts} />}
          {loaded && <Notes notes={loaded.facts.notes} />}
        </div>
      </fieldset>
      <Advice />
    </section>
  );
}

/** What scores of this model name it by, and what runs it. */
function Hashes({ facts: { hash, tokenizerHash, runtime } }: { readonly facts: ModelFacts }) {
  return (
    <span className="text-ink2">
      SHA-256{' '}
      <span className="font-mono" title={hash}>
        {hash.slice(0, 12)}…
      </span>
      , tokenizer{' '}
      <span className="font-mono" title={tokenizerHash}>
        {tokenizerHash.slice(0, 12)}…
      </span>
      {runtime !== null && ` · ${runtime}`}
    </span>
  );
}

function nameOf(model: ModelChoice): string {
  return model.kind === 'files' ? model.name : model.kind === 'url' ? model.url : 'espalier-3m';
}

/** Name, numbers and size of the model that is chosen. */
function Chosen({ model, dtype }: { readonly model: ModelChoice; readonly dtype: string | null }) {
  const { data: size } = useModelSize(model, dtype);
  return (
    <span className="wrap-anywhere">
      {size?.ok !== false && <b className="font-[550]">{nameOf(model)}</b>}{' '}
      {size?.ok === true && (
        <span className="text-ink2" title={size.files.join('\n')}>
          {bytes(size.bytes)} in {plural(size.files.length, 'file')}
          {size.keptBytes > 0 ? `, ${bytes(size.keptBytes)} of them kept in this browser` : ''}
        </span>
      )}{' '}
      {size?.ok === true && size.keptBytes > 0 && model.kind === 'url' && <Forget address={model.url} />}
      {size?.ok === false && (
        <span role="alert" className="text-cut">
          {unusable(size.reason)}
        </span>
      )}
      {!size && <span className="text-ink2">checking its size…</span>}
    </span>
  );
}

function Forget({ address }: { readonly address: string }) {
  const forget = useMutation({ mutationFn: () => removeStored(address) });
  return (
    <Button disabled={forget.isPending} onClick={() => forget.mutate()} title="The next load will ask the server again">
      Delete the copy
    </Button>
  );
}

function FolderChoice({
  model,
  dtype,
  onChoose,
}: {
  readonly model: ModelChoice;
  readonly dtype: string | null;
  readonly onChoose: (model: ModelChoice) => void;
}) {
  const [problem, setProblem] = useState('');
  const pick = async (): Promise<void> => {
    const chosen = await chooseFolder();
    if (!chosen) return;
    const found = findModel(chosen.files);
    setProblem(found ? '' : `Expected a file that ends in .onnx, found ${plural(chosen.files.length, 'file')} without one.`);
    if (found) onChoose({ kind: 'files', ...found });
  };
  return (
    <>
      {model.kind === 'files' && <Chosen model={model} dtype={dtype} />}
      {model.kind === 'files' && <OwnRendering model={model} />}
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          small
          onClick={() => void pick().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))}
        >
          Choose a folder…
        </Button>
        <span className="text-ink2">or drop one on the page: model.onnx with its data, tokenizer.json, config.json</span>
      </span>
      {problem !== '' && (
        <span role="alert" className="text-cut">
          {problem}
        </span>
      )}
    </>
  );
}

function AddressChoice({
  model,
  dtype,
  onChoose,
}: {
  readonly model: ModelChoice;
  readonly dtype: string | null;
  readonly onChoose: (model: ModelChoice) => void;
}) {
  const [draft, setDraft] = useState(model.kind === 'url' ? model.url : '');
  return (
    <>
      <form
        className="flex min-w-0 gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.trim() !== '') onChoose({ kind: 'url', url: draft.trim() });
        }}
      >
        <input
          type="url"
          required
          aria-label="Address of the model’s folder"
          placeholder="https://huggingface.co/onnx-community/NAME"
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          className="h-7 min-w-0 flex-1 rounded border border-line2 bg-card px-2 font-mono text-t1"
        />
        <Button type="submit">Look up its size</Button>
      </form>
      {model.kind === 'url' && <Chosen model={model} dtype={dtype} />}
      <StoredModels onChoose={(url) => onChoose({ kind: 'url', url })} />
    </>
  );
}

function DeviceNow({ model, update, work }: Pick<Scoring, 'model' | 'update' | 'work'>) {
  if (!model)
    return <span className="text-ink2">{work === 'loading' ? 'being chosen…' : 'its name appears here once the model is read'}</span>;
  return (
    <span>
      {work === 'running' ? 'runs on' : work === 'paused' ? 'paused on' : 'ready on'}{' '}
      <b className="font-[550]">{update ? deviceText(update.label.device) : model.facts.executor}</b>
    </span>
  );
}

/** While a run goes on with another model than the one that was chosen meanwhile. */
function Another({ scoring: { model, update, work }, next }: { readonly scoring: Scoring; readonly next: string }) {
  if (!model) return null;
  return (
    <span className="wrap-anywhere">
      <b className="font-[550]">{visible(model.facts.name)}</b> {work === 'paused' ? 'is paused on' : 'still runs on'}{' '}
      <b className="font-[550]">{update ? deviceText(update.label.device) : model.facts.executor}</b>
      <span className="text-ink2">; {next} can be read once this run is over</span>
    </span>
  );
}

function Advice() {
  const figures = useCardFigures();
  return (
    <div className="mt-3 grid gap-2 rounded border border-line bg-paper px-3 py-2 text-ink2">
      <p className="m-0">
        <b className="font-[600] text-ink">Your own model is better than the bundled one</b>, especially the one that wrote the log.
        {figures !== undefined &&
          (figures.length === 0
            ? ' The card of espalier-3m states no measured agreement yet.'
            : ' How well espalier-3m ranks tokens: Spearman’s ρ between its surprisal and the logged one.')}{' '}
        <a className="whitespace-nowrap text-ink underline" href="models/espalier-3m/README.md" target="_blank" rel="noreferrer">
          Model card
        </a>
      </p>
      <p className="m-0">
        Chosen by its entropy, 30 % of the tokens keep 31 to 70 % of the logged signal, by reach × tokens 22 to 70 % (seven logs, checked
        independently); its surprisal keeps more than its entropy. For cuts it adds nothing over reach × tokens, except on instruction
        following.
      </p>
      {figures !== undefined && figures.length > 0 && (
        <table className="border-collapse tabular-nums">
          <thead className="text-t0">
            <tr>
              {['measured on', 'n', 'model', 'best baseline'].map((name, i) => (
                <th key={name} className={`py-0.5 font-[400] ${i === 0 ? 'text-left' : 'pl-3 text-right'}`}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {figures.map(({ log, unit, n, model, baseline }) => (
              <tr key={`${log} ${unit}`} className="border-t border-line">
                <td className="py-0.5">
                  {log}, by {unit}
                </td>
                <td className="pl-3 text-right">{/^\d+$/.test(n) ? exact(Number(n)) : n}</td>
                <td className="pl-3 text-right text-ink">{model?.toFixed(3).replace('-', '−') ?? '–'}</td>
                <td className="pl-3 text-right">{baseline ? `${baseline.name} ${baseline.value.toFixed(3).replace('-', '−')}` : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
