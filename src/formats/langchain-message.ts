/** What a message of LangChain's is, however it was serialised. https://docs.langchain.com/oss/python/langchain/messages */
import { get, getId, getList, getObject, getString, isList, isObject } from './json.ts';

const CLASS = /^(?:System|Human|AI|Tool|Function|Chat)Message(?:Chunk)?$/;
/** These words are LangChain's alone; `system` and `tool` also begin lines of others. */
const OWN = /^(?:human|ai)$/;

/** Whether an object is one message of LangChain's, by its own words for roles and classes. */
export function isLangchainMessage(message: unknown): boolean {
  if (!isObject(message) || get(message, 'role') !== undefined) return false;
  if (get(message, 'lc') === 1) {
    const last = getList(message, 'id')?.at(-1);
    return typeof last === 'string' && CLASS.test(last) && isObject(message['kwargs']);
  }
  const type = getString(message, 'type') ?? '';
  const inner = getObject(message, 'data') ?? message;
  const content = get(inner, 'content');
  if (typeof content !== 'string' && !isList(content)) return false;
  if (OWN.test(type) || CLASS.test(type)) return true;
  return type === 'tool' ? getId(inner, 'tool_call_id') !== undefined : type === 'system';
}
