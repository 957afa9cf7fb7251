/** Downloaded models that this browser keeps: how large they are, when they were used, and a way to remove each. */
import { useMutation } from '@tanstack/react-query';
import { visible } from '../../../base/visible.ts';
import type { Room, StoredModel } from '../../../platform/browser/stored-models.ts';
import { removeStored, useStoredModels } from '../../queries/stored-models.ts';
import { bytes, whenOf } from '../../text/format.ts';
import { roomSentence } from '../../text/scoring.ts';
import { Button } from '../../widgets/controls.tsx';

export function StoredModels({ onChoose }: { readonly onChoose: (address: string) => void }) {
  const { models, room } = useStoredModels();
  if (models.length === 0) return null;
  return (
    <section aria-label="Models kept in this browser" className="grid min-w-0 gap-1">
      <h3 className="m-0 text-t1 font-[550]">Kept in this browser</h3>
      <ul className="m-0 grid max-h-[180px] list-none overflow-auto rounded border border-line bg-card p-0">
        {models.map((model) => (
          <Row key={model.address} model={model} onChoose={onChoose} />
        ))}
      </ul>
      {room && <Keeps room={room} />}
    </section>
  );
}

function Row({ model, onChoose }: { readonly model: StoredModel; readonly onChoose: (address: string) => void }) {
  const { address, name, used, isPartial } = model;
  const remove = useMutation({ mutationFn: () => removeStored(address) });
  const shown = visible(name);
  return (
    <li className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1 last:border-b-0">
      <span className="min-w-0 flex-1 basis-[12rem] wrap-anywhere">
        {address === null ? (
          shown
        ) : (
          <button
            type="button"
            className="text-left font-[550] wrap-anywhere hover:underline"
            title={visible(address)}
            onClick={() => onChoose(address)}
          >
            {shown}
          </button>
        )}
      </span>
      <span className="flex-none text-ink2 tabular-nums">
        {bytes(model.bytes)}
        {isPartial ? ', not whole yet' : ''}
      </span>
      <time dateTime={new Date(used).toISOString()} title="When it was last used" className="flex-none text-ink2 tabular-nums">
        {whenOf(new Date(used).toISOString())}
      </time>
      <Button
        small
        look="quiet"
        disabled={remove.isPending}
        aria-label={`Remove ${shown} from this browser`}
        onClick={() => remove.mutate()}
      >
        Remove
      </Button>
    </li>
  );
}

function Keeps({ room: { free, isPersistent } }: { readonly room: Room }) {
  return (
    <span className="text-ink2">
      Room for {bytes(free)} more.{isPersistent ? '' : ' The browser may delete them when the disk gets full.'}
    </span>
  );
}

/** Where a download would not fit: that, with numbers. */
export function NoRoom({ missing }: { readonly missing: number }) {
  const { room } = useStoredModels();
  const sentence = roomSentence(missing, room);
  if (sentence === null) return null;
  return (
    <span role="note" className="basis-full text-cut wrap-anywhere">
      {sentence}
    </span>
  );
}
