/**
 * A picture of the log, drawn from its bytes: no address is asked for anything, and the page's policy needs to allow none. Others are
 * named.
 */
import { useEffect, useRef, useState } from 'react';
import { visible } from '../../../base/visible.ts';
import type { TranscriptImage } from '../../../engine/answers/transcript.ts';
import { bytes as byteText, exact } from '../../text/format.ts';

/** Pixels of a side; a larger picture is drawn smaller, and its size is said. */
const LARGEST = 640;

export function Picture({ image }: { readonly image: TranscriptImage }) {
  const { data, type, note } = image;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [told, setTold] = useState('');
  useEffect(() => {
    if (data === null) return undefined;
    let isGone = false;
    createImageBitmap(new Blob([data], { type: type ?? '' }), { resizeQuality: 'medium' }).then(
      (bitmap) => {
        const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
        const onto = canvas.current;
        if (onto && !isGone) {
          onto.width = Math.max(1, Math.round(bitmap.width * scale));
          onto.height = Math.max(1, Math.round(bitmap.height * scale));
          onto.getContext('2d')?.drawImage(bitmap, 0, 0, onto.width, onto.height);
          setTold(`${exact(bitmap.width)} × ${exact(bitmap.height)}, ${visible(type ?? '')}, ${byteText(data.length)}`);
        }
        bitmap.close();
      },
      () => {
        if (!isGone) setTold(`${visible(type ?? 'an image')} of ${byteText(data.length)} that cannot be drawn`);
      },
    );
    return () => {
      isGone = true;
    };
  }, [data, type]);
  return (
    <figure className="m-0 my-1">
      {data !== null && <canvas ref={canvas} aria-hidden="true" className="block max-h-[360px] max-w-full rounded border border-line" />}
      <figcaption className="text-t0 text-ink2">image: {data === null ? visible(note) : told}</figcaption>
    </figure>
  );
}
