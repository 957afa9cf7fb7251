/** A log's text as the chosen model reads it: its tokenizer, its chat template. */
import { useQuery } from '@tanstack/react-query';
import { visible } from '../../../base/visible.ts';
import { useFacts } from '../../queries/opening.ts';
import { usePicked } from '../../state/choices.ts';
import { Button } from '../../widgets/controls.tsx';
import type { ModelChoice } from '../../../engine/score/model-choice.ts';
import { tokenizerOfModel } from '../entry/read-tokenizer.ts';

/** Nothing where the log has ids throughout, or the folder has no tokenizer. */
export function OwnRendering({ model }: { readonly model: Extract<ModelChoice, { readonly kind: 'files' }> }) {
  const { openSettings, reopen } = usePicked(({ openSettings, reopen }) => ({ openSettings, reopen }));
  const origin = useFacts()?.tokenOrigin;
  const files = model.files.flatMap(({ path, blob }) => (blob instanceof Blob ? [{ path, blob }] : []));
  const { data: own, error } = useQuery({
    queryKey: ['tokenizer-of-model', model.name, ...files.map(({ path, blob }) => `${path} ${blob.size}`)],
    queryFn: () => tokenizerOfModel({ name: model.name, files }),
  });
  if (error) return <span className="text-cut">The model’s tokenizer could not be read: {error.message}</span>;
  if (!own || !origin || origin.text === 0) return null;
  const { tokenizer } = openSettings;
  const isOwn =
    tokenizer.kind === 'huggingface' && own.kind === 'huggingface' && tokenizer.json === own.json && tokenizer.config === own.config;
  if (isOwn) return <span className="text-ink2">The log’s text is rendered by this model’s own tokenizer and chat template.</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="text-ink2 wrap-anywhere">
        The log’s text is rendered by {visible(origin.tokenizer)}, not as this model reads it.
      </span>
      <Button small onClick={() => reopen({ tokenizer: own })} title="With its tokenizer and, where its folder has one, its chat template">
        Read it again as the model does
      </Button>
    </span>
  );
}
