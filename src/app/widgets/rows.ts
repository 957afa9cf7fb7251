/** Which rows of a long list are in view. Its answers change in place, so components that use it must not be memoised. */
export { useVirtualizer as useRows } from '@tanstack/react-virtual';
