import { Text } from '@mantine/core';
import type { KnownTable } from '@ensemble/pipeline';
import classes from './known-columns-list.module.css';

/** More are a table of their own. */
const MOST = 40;

/** The columns that a table will have, before there is one to look into. */
export function KnownColumnsList({ table }: { table: KnownTable }) {
  const { columns, certain } = table;
  return (
    <section aria-label="Columns">
      <Text size="sm" fw={600} component="h3">
        {columns.length === 1 ? '1 column' : `${columns.length} columns`}
        {certain ? '' : ', at a guess'}
      </Text>
      <ul className={classes['columns']}>
        {columns.slice(0, MOST).map(({ name, type }) => (
          <li key={name} className={classes['column']}>
            <span className={classes['name']} title={name}>
              {name}
            </span>
            <span className={classes['type']}>{type?.toLowerCase()}</span>
          </li>
        ))}
      </ul>
      {columns.length > MOST ? (
        <Text size="xs" c="var(--e-dim)">
          And {columns.length - MOST} more columns.
        </Text>
      ) : null}
    </section>
  );
}
