/** Node importance: by typed arrays, or by one ONNX graph on the model's device; which is used, and what each takes. */
import type { ImportanceChoice, ImportanceTiming } from '../../../engine/score/importance.ts';
import { chooseImportance, useImportanceBy, useImportanceChoice, useMeasureImportance } from '../../queries/importance.ts';
import type { Scoring } from '../../queries/scoring.ts';
import { asSentence, exact } from '../../text/format.ts';
import { timingSentence } from '../../text/scoring.ts';
import { Button, Segments } from '../../widgets/controls.tsx';

const CHOICES: readonly { readonly value: ImportanceChoice; readonly label: string; readonly about: string }[] = [
  { value: 'auto', label: 'automatic', about: 'The graph, where it was measured to be faster on this forest' },
  { value: 'typed arrays', label: 'typed arrays', about: 'In float64, the same everywhere' },
  { value: 'graph', label: 'graph', about: 'One ONNX graph on the model’s WebGPU device, in float32; where it cannot run, typed arrays' },
];

export function ImportanceSection({ scoring }: { readonly scoring: Scoring }) {
  const choice = useImportanceChoice();
  const by = useImportanceBy();
  const measure = useMeasureImportance();
  const onGpu = scoring.model?.facts.source.devices.some(({ on }) => on === 'webgpu') === true;
  const busy = scoring.work !== 'none' || measure.isPending;
  const refusal = measure.error?.message ?? (measure.data?.ok === false ? measure.data.reason : null);
  return (
    <section aria-label="Node importance" className="grid gap-x-4 gap-y-2 px-4 py-3 sm:grid-cols-[72px_minmax(0,1fr)] sm:items-baseline">
      <span className="text-ink2">Importance</span>
      <div className="grid min-w-0 gap-2">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Segments
            label="How node importance is computed"
            choices={CHOICES}
            value={choice}
            onChange={(value) => void chooseImportance(value)}
          />
          {by !== undefined && (
            <span className="wrap-anywhere">
              by <b className="font-[550]">{by}</b>
            </span>
          )}
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Button small disabled={!onGpu || busy} onClick={() => measure.mutate()}>
            {measure.isPending ? 'Measuring…' : 'Measure both'}
          </Button>
          {!onGpu && <span className="text-ink2">Needs a model that is ready on webgpu.</span>}
        </div>
        {measure.data?.ok === true && <Timing timing={measure.data.timing} />}
        {refusal !== null && (
          <span role="alert" className="text-cut wrap-anywhere">
            {asSentence(`Importance cannot be measured: ${refusal}`)}
          </span>
        )}
      </div>
    </section>
  );
}

function Timing({ timing }: { readonly timing: ImportanceTiming }) {
  return (
    <output className="text-ink2 wrap-anywhere">
      {exact(timing.nodes)} nodes: {timingSentence(timing)}
    </output>
  );
}
