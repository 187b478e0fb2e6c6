import { cellText } from './cell-text.ts';
import type { TableShape } from './preview-shape.ts';
import classes from './results.module.css';

const MAX_ROWS = 200;

const counted = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

/** The first rows of a table; scrolls on its own in both directions. */
export function PreviewTable({ table }: { table: TableShape }) {
  const rows = table.rows.slice(0, MAX_ROWS);
  const numeric = table.columns.map((_, index) => rows.some((row) => typeof row[index] === 'number'));
  const decimal = table.columns.map((_, index) => rows.some((row) => typeof row[index] === 'number' && !Number.isInteger(row[index])));
  const count = table.totalRows ?? table.rows.length;
  const name = table.title ?? 'Table';
  return (
    <section aria-label={name}>
      <div className={classes['tableHead']}>
        <h3 className={classes['heading']}>{name}</h3>
        <span className={classes['dim']}>
          {rows.length < count ? `first ${rows.length} of ${counted(count, 'row')}` : counted(count, 'row')} ·{' '}
          {counted(table.columns.length, 'column')}
        </span>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <div className={classes['tableFrame']} role="region" tabIndex={0} aria-label={`${name}, scrollable`}>
        <table className={classes['table']}>
          <thead>
            <tr>
              {table.columns.map((column, index) => (
                <th key={`${index} ${column.name}`} scope="col" data-numeric={numeric[index] || undefined}>
                  {column.name}
                  {column.type ? <span className={classes['columnType']}>{column.type}</span> : null}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, rowIndex) => (
              // Rows of a preview have no identity and never move.
              <tr key={rowIndex}>
                {table.columns.map((_, index) => {
                  const value = row[index];
                  return (
                    <td
                      key={index}
                      data-numeric={numeric[index] || undefined}
                      title={typeof value === 'number' ? String(value) : undefined}
                    >
                      {value === undefined ? '–' : cellText(value, decimal[index])}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
