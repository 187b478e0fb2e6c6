import { ActionIcon, Popover, Switch, Tooltip } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { SlidersHorizontal } from 'lucide-react';
import classes from './editor-settings.module.css';
import type { TypeCheckState } from './type-checker.ts';

/** This person's, in this browser. */
export function useTypeSetting(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useLocalStorage({ key: 'ensemble-type-checking', defaultValue: false, getInitialValueInEffect: false });
  return [on, setOn];
}

interface EditorSettingsProps {
  typesOn: boolean;
  onTypes: (on: boolean) => void;
  /** Undefined while it is off. */
  typeState: TypeCheckState | undefined;
}

/** What a person may choose about the code editor; it changes nothing for others. */
export function EditorSettings({ typesOn, onTypes, typeState }: EditorSettingsProps) {
  return (
    <Popover position="bottom-end" width={330} shadow="md" trapFocus withArrow>
      <Popover.Target>
        <Tooltip label="Settings of the code editor">
          <ActionIcon variant="default" size={26} aria-label="Settings of the code editor">
            <SlidersHorizontal size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Settings of the code editor">
        <Switch
          size="sm"
          checked={typesOn}
          onChange={(event) => onTypes(event.currentTarget.checked)}
          label="Type checking and library completion"
          description="Knows Python, pandas, NumPy, scikit-learn, PyArrow, Matplotlib and joblib. Loads about 6 MB once, needs some seconds to start and up to 800 MB of memory. For you alone, in this browser."
        />
        {typesOn ? (
          <p className={classes['state']} role="status" data-failed={typeState?.kind === 'failed' || undefined}>
            {stateText(typeState)}
          </p>
        ) : null}
      </Popover.Dropdown>
    </Popover>
  );
}

export const stateText = (state: TypeCheckState | undefined): string => {
  if (state?.kind === 'ready') return 'Types are checked.';
  if (state?.kind === 'failed') return `Types are not checked: ${state.message} Switch it off and on to try again.`;
  return 'The type checker is starting…';
};
