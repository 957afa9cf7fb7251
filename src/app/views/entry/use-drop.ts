/** The whole window takes drops and pastes; what arrives is sorted into logs, a tokenizer and a mapping. */
import { useLayoutEffect, useState } from 'react';
import { readDrop, readPaste } from '../../../platform/browser/inputs.ts';
import { isTyping } from '../../state/keys.ts';
import { openPicked } from './open-picked.ts';

/** True while files hover over the window. */
export function useDrop(onProblem: (sentence: string) => void): boolean {
  const [over, setOver] = useState(false);
  // A layout effect, so that a drop counts from the moment the page stands, not from the first idle one after it.
  useLayoutEffect(() => {
    // Enter and leave fire for every element passed, so count how many are entered.
    let depth = 0;
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth++;
      setOver(true);
    };
    const leave = (): void => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent): void => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      if (!carriesFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const reading = readDrop(event.dataTransfer.items);
      void reading.then(({ files, handles }) => openPicked(files, { kind: 'files', handles })).then(onProblem, tell);
    };
    const paste = (event: ClipboardEvent): void => {
      if (isTyping(event.target) || !event.clipboardData) return;
      const files = readPaste(event.clipboardData);
      if (!files) return;
      event.preventDefault();
      void openPicked(files, { kind: 'files', handles: [] }, 'pasted').then(onProblem, tell);
    };
    const tell = (error: unknown): void =>
      onProblem(`What you dropped could not be read: ${error instanceof Error ? error.message : String(error)}`);
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', hover);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', hover);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, [onProblem]);
  return over;
}
