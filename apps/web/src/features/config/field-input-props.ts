import type { ConfigField, JsonValue } from '@ensemble/cards';
import type { ComponentType, FocusEventHandler, ReactNode } from 'react';

/** What the editor of one config field gets, whatever its type. */
export interface InputProps {
  field: ConfigField;
  label: ReactNode;
  error: string | undefined;
  stored: JsonValue | undefined;
  canEdit: boolean;
  write: (value: JsonValue) => void;
  clear: () => void;
  /** Tells others which field I am in. */
  mark: { onFocus: () => void; onBlur: () => void };
}

/** The part that knows the project's files; the editor page puts it in. */
export type FileFieldSlot = ComponentType<{
  projectId: string;
  label: ReactNode;
  name: string;
  description: string | undefined;
  error: ReactNode;
  required: boolean;
  canEdit: boolean;
  chosen: { $file: string; name: string } | undefined;
  onChoose: (value: { $file: string; name: string }) => void;
  onClear: () => void;
  onFocus: FocusEventHandler;
  onBlur: FocusEventHandler;
}>;
