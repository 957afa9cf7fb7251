/** What a chat of VS Code showed of an answer, for requests that keep nothing else: text, thoughts, edits, and calls as they were told. */
import { addNote, type Complaint } from './format.ts';
import { get, getList, getObject, getString, isList, type JsonObject } from './json.ts';

/** Kinds of parts that show what goes on and hold no words of the model. */
const AROUND =
  /^(?:progress|undoStop|codeblockUri|reference|confirmation|prepareToolInvocation|mcpServers|elicitation|warning|command|codeCitation)/;

/** @param parts of a `response`. @returns messages of the model and results, in their order */
export function shownMessages(parts: readonly unknown[], notes: Complaint[]): JsonObject[] {
  const messages: JsonObject[] = [];
  let blocks: JsonObject[] = [];
  const close = (): void => {
    if (blocks.length > 0) messages.push({ role: 'assistant', content: blocks });
    blocks = [];
  };
  for (const part of parts) {
    if (getString(part, 'kind') === 'toolInvocationSerialized') {
      const [call, result] = callOf(part);
      blocks.push(call);
      close();
      messages.push(result);
      addNote(notes, { code: 'shown-call', expected: 'what the model wrote for a call', found: 'what was shown of it' });
    } else for (const block of blocksOf(part, notes)) blocks.push(block);
  }
  close();
  return messages;
}

function blocksOf(part: unknown, notes: Complaint[]): readonly JsonObject[] {
  const kind = getString(part, 'kind');
  const text = textOf(typeof part === 'string' ? part : (get(part, 'value') ?? get(part, 'content')));
  switch (kind) {
    case undefined:
    case 'markdownContent':
    case 'markdownVuln':
      if (text !== undefined) return [{ type: 'text', text }];
      break;
    case 'thinking':
      return [{ type: 'thinking', thinking: text ?? '' }];
    case 'inlineReference':
      return [{ type: 'text', text: getString(part, 'name') ?? getString(get(part, 'inlineReference'), 'name') ?? '' }];
    case 'textEditGroup': {
      const edits = (getList(part, 'edits') ?? []).flatMap((group) => (isList(group) ? group : []));
      return edits.map((edit) => ({ type: 'text', text: getString(edit, 'text') ?? '' }));
    }
    default:
      if (AROUND.test(kind)) return [];
  }
  const found = `a part of kind ${kind ?? 'unknown'}`;
  addNote(notes, { code: 'content-part', expected: 'text, thoughts, edits or calls in a response', found });
  return [];
}

/** A text, texts in a list, or `{value}`. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return isList(value) ? value.filter((each) => typeof each === 'string').join('') : getString(value, 'value');
}

/** A call with the arguments that were shown, and what was shown of its result. */
function callOf(part: unknown): readonly [JsonObject, JsonObject] {
  const id = get(part, 'toolCallId');
  const details = getObject(part, 'resultDetails');
  const input = getString(details, 'input') ?? get(part, 'toolSpecificData') ?? {};
  const output = (getList(details, 'output') ?? []).map((each) => textOf(each) ?? '').join('\n');
  const told = textOf(get(part, 'pastTenseMessage')) ?? textOf(get(part, 'invocationMessage')) ?? '';
  const failed = get(details, 'isError') === true ? { is_error: true } : {};
  return [
    { type: 'tool_use', id, name: getString(part, 'toolId') ?? '', input },
    { role: 'tool', tool_call_id: id, content: output === '' ? told : output, ...failed },
  ];
}
