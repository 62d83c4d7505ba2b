import type { ReactNode } from 'react';
import { Panel } from '../../ui/panel.tsx';

/** A column of a table of losses: how it is drawn, and what it says in a CSV. */
export interface LossColumn<Item> {
  readonly head: string;
  readonly isNumber?: boolean;
  cell(item: Item): ReactNode;
}

/** One list of what is lost; empty ones are not drawn. @param total how many there are, where not all are shown */
export function LossTable<Item>({
  title,
  items,
  total,
  columns,
  keyOf,
}: {
  readonly title: string;
  readonly items: readonly Item[];
  readonly total: number;
  readonly columns: readonly LossColumn<Item>[];
  readonly keyOf: (item: Item) => string;
}): ReactNode {
  if (items.length === 0) return null;
  const aside = items.length < total ? `${items.length} of ${total.toLocaleString()}` : total.toLocaleString();
  return (
    <Panel title={title} aside={aside}>
      <div className="table-frame">
        <table className="table table-stack evacuation-table">
          <caption className="visually-hidden">{title}</caption>
          <thead>
            <tr>
              {columns.map(({ head, isNumber }) => (
                <th key={head} scope="col" className={isNumber ? 'col-number' : undefined}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <LossRow key={keyOf(item)} item={item} columns={columns} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function LossRow<Item>({
  item,
  columns,
}: {
  readonly item: Item;
  readonly columns: readonly LossColumn<Item>[];
}): ReactNode {
  const [first, ...rest] = columns;
  return (
    <tr>
      <th scope="row">{first?.cell(item)}</th>
      {rest.map(({ head, isNumber, cell }) => (
        <td key={head} data-label={head} className={isNumber ? 'col-number' : undefined}>
          {cell(item)}
        </td>
      ))}
    </tr>
  );
}
