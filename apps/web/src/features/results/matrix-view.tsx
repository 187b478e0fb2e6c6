import { formatNumber } from './format-number.ts';
import type { MatrixShape } from './preview-shape.ts';
import { shadesOf } from './shades-of.ts';
import classes from './views.module.css';

/** A confusion matrix: every cell shaded by its share of its row, so that rare classes can be read too. */
export function MatrixView({ matrix }: { matrix: MatrixShape }) {
  const shades = shadesOf(matrix.rows);
  const name = matrix.title.replaceAll('_', ' ');
  return (
    <section aria-label={name}>
      <h3 className={classes['heading']}>{name}</h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <div className={classes['matrixFrame']} role="region" tabIndex={0} aria-label={`${name}, scrollable`}>
        <table className={classes['matrix']}>
          <caption>Rows: actual · columns: predicted · shaded by the share of the row</caption>
          <thead>
            <tr>
              <th scope="col">
                <span className={classes['hidden']}>actual</span>
              </th>
              {matrix.labels.map((label, index) => (
                <th key={index} scope="col" title={`predicted ${label}`}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.rows.map((row, rowIndex) => (
              <tr key={rowIndex}>
                <th scope="row" title={`actual ${matrix.labels[rowIndex]}`}>
                  {matrix.labels[rowIndex]}
                </th>
                {row.map((count, index) => {
                  const shade = shades[rowIndex]?.[index] ?? 0;
                  return (
                    <td
                      key={index}
                      title={`actual ${matrix.labels[rowIndex]}, predicted ${matrix.labels[index]}: ${count} (${Math.round(shade * 100)} % of the row)`}
                      data-right={rowIndex === index || undefined}
                      style={{ ['--shade' as string]: `${Math.round(shade * 55)}%` }}
                    >
                      {formatNumber(count)}
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
