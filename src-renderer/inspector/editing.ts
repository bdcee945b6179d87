/** What every control tells of the editing of its value. */
import type { Json } from '@shared/util/json';

export interface FieldEditing {
  /** A new raw value, right or wrong. */
  readonly onedit: (value: Json) => void;
  readonly onfinish: () => void;
  readonly oncancel: () => void;
}
