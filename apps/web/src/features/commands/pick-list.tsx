import { Search } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent as ReactKeyboardEvent, ReactNode } from 'react';
import classes from './pick-list.module.css';

interface PickItem {
  id: string;
  label: string;
  note?: string | undefined;
  icon?: ReactNode;
}

interface PickListProps {
  /** What is chosen here, for screen readers. */
  label: string;
  placeholder: string;
  find: (query: string) => readonly PickItem[];
  /** For lists that ask somebody else as well. */
  onQuery?: (query: string) => void;
  /** Shown when nothing matches; `query` is empty when there is nothing at all. */
  empty: (query: string) => string;
  onPick: (id: string) => void;
  onClose: () => void;
  style?: CSSProperties;
}

/** A small searchable list that floats over the canvas: type, arrows, Enter. Gives the focus back to where it was. */
export function PickList({ label, placeholder, find, onQuery, empty, onPick, onClose, style }: PickListProps) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const items = find(query);
  const chosen = Math.min(at, items.length - 1);

  useEffect(() => {
    const before = document.activeElement;
    field.current?.focus({ preventScroll: true });
    return () => {
      // Only when the list still had it: a click elsewhere has moved it on purpose.
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const onKey = (event: ReactKeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) setAt(Math.max(0, Math.min(items.length - 1, chosen + step)));
    else if (event.key === 'Enter') {
      const item = items[chosen];
      if (item) onPick(item.id);
    } else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={classes['box']} style={style} role="dialog" aria-label={label}>
      <div className={classes['field']}>
        <Search size={15} aria-hidden />
        <input
          ref={field}
          className={classes['input']}
          role="combobox"
          aria-label={label}
          aria-expanded
          aria-autocomplete="list"
          aria-controls={listId}
          aria-activedescendant={items[chosen] ? `${listId}-${chosen}` : undefined}
          placeholder={placeholder}
          value={query}
          onKeyDown={onKey}
          onBlur={onClose}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            onQuery?.(event.currentTarget.value);
            setAt(0);
          }}
        />
      </div>
      <div ref={list} id={listId} className={classes['list']} role="listbox" aria-label={label}>
        {items.map((item, index) => (
          <button
            type="button"
            tabIndex={-1}
            key={item.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={classes['option']}
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => setAt(index)}
            onClick={() => onPick(item.id)}
          >
            {item.icon === undefined ? null : <span className={classes['icon']}>{item.icon}</span>}
            <span className={classes['label']}>{item.label}</span>
            {item.note === undefined ? null : <span className={classes['note']}>{item.note}</span>}
          </button>
        ))}
      </div>
      <p className={classes['empty']} role="status">
        {items.length === 0 ? empty(query) : ''}
      </p>
    </div>
  );
}
