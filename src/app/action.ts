/** What can be done on the page: in menus, in the palette and by keys. */

export interface Action {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  /** Bindings as `bindingOf` spells them. */
  readonly keys: readonly string[];
  readonly ready: boolean;
  readonly run: () => void;
}
