/** Scores as a file: save what there is, load what was saved, and why a file was refused. */
import { visible } from '../../../base/visible.ts';
import { useMutation } from '@tanstack/react-query';
import { download } from '../../../platform/browser/save.ts';
import { discardScores, loadScores, saveScores, useScoring } from '../../queries/scoring.ts';
import { exact } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';
import { chooseFiles } from '../entry/pick.ts';

export function ScoresFile() {
  const { work, restored, hasScores } = useScoring();
  const busy = work === 'running' || work === 'paused';
  const save = useMutation({
    mutationFn: async () => download({ name: 'scores.bin', blob: new Blob([await saveScores()]) }),
  });
  const load = useMutation({
    mutationFn: async () => {
      const [file] = (await chooseFiles())?.files ?? [];
      if (file) await loadScores(file.blob);
    },
  });
  const discard = useMutation({ mutationFn: discardScores });
  const error = save.error ?? load.error ?? discard.error;
  return (
    <>
      <output aria-label="Scores file" className="min-w-0 flex-1 basis-full text-t1 wrap-anywhere sm:basis-0">
        {error ? (
          <span className="text-cut">{error.message}</span>
        ) : restored?.ok === true ? (
          <span className="text-leaf">
            Scores of {visible(restored.header.name)} restored: {exact(restored.header.scored)} of {exact(restored.header.length)} tokens.
          </span>
        ) : restored ? (
          <span className="text-cut">These scores were refused: {restored.reason}.</span>
        ) : (
          <span className="text-ink2">Scores are valid only for the log, model and tokenizer they were made with.</span>
        )}
      </output>
      <Button disabled={busy || load.isPending} onClick={() => load.mutate()}>
        Load scores…
      </Button>
      <Button disabled={!hasScores || busy || save.isPending} onClick={() => save.mutate()}>
        Save scores
      </Button>
      <Button
        disabled={!hasScores || busy || discard.isPending}
        onClick={() => discard.mutate()}
        title="Such as those of a run that was cancelled half-way: what the log says stands alone again"
      >
        Discard scores
      </Button>
    </>
  );
}
