/** Where the messages of a record end. */
import type { MessageOut } from '../../core/export/message-record.ts';
import type { ExportSpec } from '../answers/exporting.ts';
import { recordSettings } from './record-settings.ts';

/** Behind the last message that trains; where calls are closed, behind the results of its calls. @param last -1: none trains */
export function endBehind(messages: readonly MessageOut[], last: number, spec: ExportSpec): number {
  let end = last + 1;
  if (last >= 0 && recordSettings(spec).closeCalls) while (messages[end]?.role === 'tool') end++;
  return end;
}
