/** What error rules say of a turn, in words beside it. */
import { visible } from '../../../base/visible.ts';
import type { TurnErrors } from '../../../engine/answers/errors.ts';
import { useExporting } from '../../state/exporting.ts';
import { exact } from '../../text/format.ts';

export function ErrorNotes({ errors: { rules, isMasked } }: { readonly errors: TurnErrors }) {
  const masks = useExporting((s) => s.maskErrors);
  return (
    <>
      {rules.map(({ label, tool, correctedBy }, at) => (
        <p key={at} className="m-0">
          <b className="font-[600] text-error">{label}</b>
          {tool !== '' && <span className="font-mono"> {visible(tool)}</span>}
          {correctedBy !== null && ` · corrected in turn ${exact(correctedBy)}`}
        </p>
      ))}
      <p className="m-0">{maskWords(isMasked, masks)}</p>
    </>
  );
}

function maskWords(isMasked: boolean, masks: boolean): string {
  if (!isMasked) return 'kept by the setting for corrections';
  return masks ? 'masked: no loss' : 'an export that masks failed turns leaves it out';
}
