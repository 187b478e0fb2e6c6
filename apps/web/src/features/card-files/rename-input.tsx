import { useState } from 'react';
import { sentenceOf } from '../../shared/api/api-client.ts';
import classes from './card-files.module.css';

interface RenameInputProps {
  label: string;
  /** Without `.py`. */
  initial: string;
  /** Rejects with the reason, which is shown below the field. */
  onSubmit: (name: string) => Promise<unknown>;
  onDone: () => void;
}

/** A name that is edited where it stands: Enter or leaving it keeps the new one, Escape the old one. */
export function RenameInput({ label, initial, onSubmit, onDone }: RenameInputProps) {
  const [name, setName] = useState(initial);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    if (busy) return;
    if (name.trim() === '' || name.trim() === initial) {
      onDone();
      return;
    }
    setBusy(true);
    try {
      await onSubmit(name.trim());
      onDone();
    } catch (error) {
      setProblem(sentenceOf(error));
    }
    setBusy(false);
  };
  return (
    <span className={classes['rename']}>
      <input
        className={classes['renameInput']}
        aria-label={label}
        aria-invalid={problem !== undefined}
        value={name}
        disabled={busy}
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked to type here
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setProblem(undefined);
        }}
        onClick={(event) => event.stopPropagation()}
        onBlur={() => (problem === undefined ? void submit() : onDone())}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') void submit();
          else if (event.key === 'Escape') onDone();
        }}
      />
      {problem === undefined ? null : (
        <span role="alert" className={classes['renameProblem']}>
          {problem}
        </span>
      )}
    </span>
  );
}
